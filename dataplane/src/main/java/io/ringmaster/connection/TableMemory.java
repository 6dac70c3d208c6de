package io.ringmaster.connection;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where the table's lines lie: one block of any size, or several of which all but the last have the same size, a power
 * of two (a Java buffer holds less than 2 GiB). Owned by whoever made the table. Keeps the blocks reachable.
 */
final class TableMemory implements AutoCloseable {
    private static final int ONE_BLOCK_SHIFT = 62;
    // 1 GiB: the largest power of two that fits a buffer together with what its alignment costs.
    private static final int BLOCK_LINES_SHIFT = 24;

    private final List<ByteBuffer> owned = new ArrayList<>();
    private final List<Object> blocks = new ArrayList<>();
    private final TableWords words;

    /** Allocates zeroed memory outside the heap. */
    TableMemory(final long lines) {
        final long blockLines = 1L << BLOCK_LINES_SHIFT;
        final long[] addresses = new long[(int) ((lines + blockLines - 1) / blockLines)];
        for (int i = 0; i < addresses.length; i++) {
            final long bytes = Math.min(blockLines, lines - i * blockLines) * TableWords.LINE_BYTES;
            addresses[i] = allocate((int) bytes, lines);
        }
        words = new TableWords(addresses, BLOCK_LINES_SHIFT, lines);
    }

    /** Uses zeroed memory that others own: huge pages, for one. */
    TableMemory(final long lines, final List<MemorySegment> given) {
        final long[] addresses = new long[given.size()];
        long bytes = 0;
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = given.get(i).address();
            bytes += given.get(i).byteSize();
            if (addresses[i] % TableWords.LINE_BYTES != 0 || !given.get(i).isNative()) {
                throw new IllegalArgumentException("Memory block " + i + " of the connection table is at address "
                    + addresses[i] + "; give native memory aligned to " + TableWords.LINE_BYTES + " bytes");
            }
        }
        if (bytes < lines * TableWords.LINE_BYTES) {
            throw new IllegalArgumentException("The connection table needs " + lines * TableWords.LINE_BYTES
                + " bytes and was given " + bytes + "; ask memoryBytes(capacity) first");
        }
        words = new TableWords(addresses, blockShift(given), lines);
        blocks.addAll(given);
    }

    TableWords words() {
        return words;
    }

    /** Gives the memory back; no thread may use the table any more. */
    @Override
    public void close() {
        owned.forEach(BufferUtil::free);
        owned.clear();
        blocks.clear();
    }

    private long allocate(final int bytes, final long lines) {
        try {
            final ByteBuffer buffer = ByteBuffer.allocateDirect(bytes + TableWords.LINE_BYTES);
            final int offset = (int) (-BufferUtil.address(buffer) & TableWords.LINE_BYTES - 1);
            final UnsafeBuffer block = new UnsafeBuffer(buffer, offset, bytes);
            owned.add(buffer);
            blocks.add(block);
            return block.addressOffset();
        } catch (final OutOfMemoryError e) {
            close();
            throw new IllegalStateException("No memory for a connection table of " + lines * TableWords.LINE_BYTES
                + " bytes (" + e.getMessage() + "); allow fewer connections, or start with a larger"
                + " -XX:MaxDirectMemorySize", e);
        }
    }

    private static int blockShift(final List<MemorySegment> given) {
        if (given.size() == 1) {
            return ONE_BLOCK_SHIFT;
        }
        final long bytes = given.get(0).byteSize();
        for (int i = 0; i < given.size() - 1; i++) {
            if (given.get(i).byteSize() != bytes || Long.bitCount(bytes) != 1 || bytes < TableWords.LINE_BYTES) {
                throw new IllegalArgumentException("Memory block " + i + " of the connection table has "
                    + given.get(i).byteSize() + " bytes; all but the last must have one size, a power of two");
            }
        }
        return Long.numberOfTrailingZeros(bytes / TableWords.LINE_BYTES);
    }
}
