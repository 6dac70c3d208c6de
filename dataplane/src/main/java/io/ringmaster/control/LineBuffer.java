package io.ringmaster.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** What has come from a client and was not used yet, line by line; grows up to a limit. Owned by the control thread. */
final class LineBuffer {
    private static final int FIRST_BYTES = 4096;
    private static final int STEP_BYTES = 64 << 10;

    private ByteBuffer bytes = ByteBuffer.allocate(FIRST_BYTES);
    private int searched;

    /** Reads what is there and fits; negative at the end of what the client sends. */
    int read(final SocketChannel channel) throws IOException {
        return channel.read(bytes);
    }

    /** Whether nothing is held. */
    boolean isEmpty() {
        return bytes.position() == 0;
    }

    /** Bytes that have come. */
    int lengthBytes() {
        return bytes.position();
    }

    /** Bytes of memory held. */
    int memoryBytes() {
        return bytes.capacity();
    }

    /** Whether nothing more can be read before it has grown or a line was consumed. */
    boolean isFull() {
        return !bytes.hasRemaining();
    }

    /** Whether it may not grow any more. */
    boolean isLongest() {
        return bytes.capacity() >= Messages.LONGEST_REQUEST_BYTES;
    }

    /** Makes room for more. */
    void grow() {
        final int more = Math.max(STEP_BYTES, bytes.capacity() * 2);
        bytes = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), Math.min(more, Messages.LONGEST_REQUEST_BYTES)))
            .position(bytes.position());
    }

    /** Length in bytes of the first line without its newline, or -1 if none is whole. */
    int line() {
        while (searched < bytes.position()) {
            if (bytes.get(searched) == '\n') {
                return searched;
            }
            searched++;
        }
        return -1;
    }

    /** The bytes, the first line at index 0. */
    byte[] array() {
        return bytes.array();
    }

    /** Removes the first line. */
    void consumeLine() {
        bytes.flip().position(searched + 1);
        bytes.compact();
        searched = 0;
        if (bytes.position() == 0 && bytes.capacity() > FIRST_BYTES) {
            bytes = ByteBuffer.allocate(FIRST_BYTES);
        }
    }
}
