package io.ringmaster.connection;

/**
 * How wide the keys of a table are. The forms differ in the words of a key and in nothing else: slots of either have
 * the same life.
 */
public enum TableForm {
    /** IPv4 clients of services of one port: entries of 16 bytes, four to a line. */
    NARROW(1),
    /** IPv6 clients, and those of services of all ports: entries of 32 bytes, two to a line. */
    WIDE(2);

    // At this load nearly all entries find a place within reach of their home lines: 7 of 10.
    private static final long LOAD_PARTS = 7;
    private static final long LOAD_OF = 10;

    private final int slotStep;

    TableForm(final int slotStep) {
        this.slotStep = slotStep;
    }

    /** Bytes of memory that a table of this form and capacity needs: 22.9 or 45.7 for each connection. */
    public long memoryBytes(final long capacity) {
        return lines(capacity) * TableWords.LINE_BYTES;
    }

    /** Entries of a line. */
    public int entriesPerLine() {
        return TableWords.SLOTS_PER_LINE / slotStep;
    }

    /** From the number of an entry's slot in its line to the next entry's; the first is 0. */
    int slotStep() {
        return slotStep;
    }

    long lines(final long capacity) {
        final long entries = capacity * LOAD_OF / LOAD_PARTS + 1;
        return Math.max(ConnectionTable.PROBES, (entries + entriesPerLine() - 1) / entriesPerLine());
    }
}
