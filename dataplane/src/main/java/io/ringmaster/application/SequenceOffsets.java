package io.ringmaster.application;

/**
 * By how much the sequence numbers of one direction are moved since what it carried was changed in length, as static
 * functions on a long (nf_conntrack_seqadj.c, of which this is the one direction that FTP needs).
 * <pre>
 *   63                              32 31                        8 7            0
 *  +----------------------------------+---------------------------+--------------+
 *  |            position              |     offset behind it      |  last change |
 *  +----------------------------------+---------------------------+--------------+
 * </pre>
 * The position is the sequence number, as its sender counts, of the last segment that was changed. Numbers up to it are
 * moved by the offset before the last change, those behind it by the sum. All in one word, so that the workers of both
 * directions change and read it whole. A word of 0 moves nothing.
 */
public final class SequenceOffsets {
    private static final int POSITION_SHIFT = 32;
    private static final int CHANGE_BITS = 8;
    private static final int MOST_OFFSET = 1 << 22;

    private SequenceOffsets() {
    }

    /** Whether one change more fits: each at most 127 bytes, all together 4 MiB either way. */
    public static boolean fits(final long word, final int changeBytes) {
        return changeBytes == (byte) changeBytes && Math.abs(behind(word)) <= MOST_OFFSET;
    }

    /**
     * The word after a segment changed by so many bytes. One that was changed before, or is older than one, is a
     * retransmission and changes nothing more.
     *
     * @param sequence    of the segment, as its sender counts.
     * @param changeBytes that it has more than its sender sent, negative for fewer; as {@link #fits}.
     */
    public static long changed(final long word, final int sequence, final int changeBytes) {
        if (changeBytes == 0 || lastChange(word) != 0 && position(word) - sequence >= 0) {
            return word;
        }
        final int behind = behind(word) + changeBytes;
        return (long) sequence << POSITION_SHIFT | (behind << CHANGE_BITS | changeBytes & 0xff) & 0xffff_ffffL;
    }

    /** By how much a sequence number of the sender is to be moved. */
    public static int ofSequence(final long word, final int sequence) {
        return sequence - position(word) > 0 ? behind(word) : before(word);
    }

    /** By how much an acknowledgment of the receiver is to be moved back. */
    public static int ofAcknowledgment(final long word, final int acknowledgment) {
        return acknowledgment - before(word) - position(word) > 0 ? behind(word) : before(word);
    }

    private static int position(final long word) {
        return (int) (word >>> POSITION_SHIFT);
    }

    private static int behind(final long word) {
        return (int) word >> CHANGE_BITS;
    }

    private static int lastChange(final long word) {
        return (byte) word;
    }

    private static int before(final long word) {
        return behind(word) - lastChange(word);
    }
}
