package io.ringmaster.xdp;

/**
 * Entries of the four rings of one socket; each a power of two from 64 to 65,536.
 *
 * @param rx         packets received and not yet looked at.
 * @param tx         packets handed over and not yet taken by the kernel.
 * @param fill       frames given to the kernel to receive into.
 * @param completion frames sent and not yet taken back; at least tx, or sending stops early.
 */
public record RingSizes(int rx, int tx, int fill, int completion) {
    /** Room for a burst of 2,048 packets each way. */
    public static final RingSizes DEFAULT = new RingSizes(2048, 2048, 2048, 2048);
    private static final int LEAST = 64;
    private static final int MOST = 1 << 16;

    /** Refuses, in one sentence, sizes that the kernel would refuse or that stop sending early. */
    public RingSizes {
        check("RX", rx);
        check("TX", tx);
        check("fill", fill);
        check("completion", completion);
        if (completion < tx) {
            throw new IllegalArgumentException("A completion ring of " + completion + " entries cannot take back what a"
                + " TX ring of " + tx + " sends; make it at least as large.");
        }
    }

    private static void check(final String ring, final int entries) {
        if (entries < LEAST || entries > MOST || Integer.bitCount(entries) != 1) {
            throw new IllegalArgumentException("A " + ring + " ring of " + entries + " entries cannot be made; it takes"
                + " a power of two from " + LEAST + " to " + MOST + ".");
        }
    }
}
