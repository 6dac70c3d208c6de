package io.ringmaster.packet;

/**
 * Is told of each access of packet memory by {@link BigEndian}, before it is made, and may throw: tests know where the
 * packets lie and so find a read that stays within packet memory but not within its packet. Copies of whole spans are
 * not told.
 */
public interface AccessWatch {
    /**
     * Bytes are about to be read.
     *
     * @param address in native memory.
     * @param bytes   1 to 8.
     */
    void reads(long address, int bytes);

    /** Bytes are about to be written; see {@link #reads}. */
    void writes(long address, int bytes);
}
