package io.ringmaster.connection;

/** Reads keys of either form for a checker, which has seen the key word of the slot in this cycle. Stateless. */
final class KeyReader {
    private static final int IPV4_BYTES = 4;
    private static final int BYTE_BITS = 8;
    private static final int GROUPS = 8;
    private static final int GROUP_BITS = 16;
    private static final int GROUPS_PER_WORD = 4;

    private final ConnectionTable table;
    private final TableWords words;
    private final boolean wide;

    KeyReader(final ConnectionTable table) {
        this.table = table;
        this.words = table.words();
        this.wide = table.form() == TableForm.WIDE;
    }

    int endpoint(final long key) {
        return wide ? WideKey.endpoint(key) : ConnectionKey.endpoint(key);
    }

    int clientPort(final long key) {
        return wide ? WideKey.clientPort(key) : ConnectionKey.clientPort(key);
    }

    /** IP protocol number of a connection, by that of its service. */
    int protocol(final long key, final int ofService) {
        return wide && WideKey.isMarked(key) ? WideKey.protocol(key) : ofService;
    }

    /** The home line of an entry. */
    long home(final long at, final int slot, final long key, final int protocol) {
        if (wide && WideKey.isMarked(key)) {
            return table.line(table.wideHash(WideKey.protocol(key), table.hashedHigh(at, slot, key),
                words.addressLow(at, slot), WideKey.clientPort(key)));
        }
        return table.line(wide ? table.wideHash(protocol, words.addressHigh(at, slot), words.addressLow(at, slot),
            WideKey.clientPort(key)) : table.hash(protocol, ConnectionKey.clientAddress(key),
            ConnectionKey.clientPort(key)));
    }

    /** Whether the entries in two slots have one client address, where the key word is the same. */
    boolean sameAddress(final long at, final int slot, final long otherAt, final int otherSlot) {
        return !wide || words.hasAddress(at, slot, words.addressHigh(otherAt, otherSlot),
            words.addressLow(otherAt, otherSlot));
    }

    /** An entry for people: its client and its endpoint. */
    String name(final long at, final int slot, final long key) {
        return wide ? "[" + groups(words.addressHigh(at, slot), words.addressLow(at, slot)) + "]:"
            + WideKey.clientPort(key) + " to endpoint " + WideKey.endpoint(key)
            + (WideKey.destinationPort(key) == 0 ? "" : " port " + WideKey.destinationPort(key))
            + (WideKey.variant(key) == 0 ? "" : " variant " + WideKey.variant(key)) : name(key);
    }

    /** An entry of the narrow form for people. */
    static String name(final long key) {
        final StringBuilder text = new StringBuilder();
        for (int i = IPV4_BYTES - 1; i >= 0; i--) {
            text.append(ConnectionKey.clientAddress(key) >>> i * BYTE_BITS & 0xff).append(i == 0 ? ':' : '.');
        }
        return text.append(ConnectionKey.clientPort(key)).append(" to endpoint ").append(ConnectionKey.endpoint(key))
            .toString();
    }

    private static String groups(final long high, final long low) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            final long word = i < GROUPS_PER_WORD ? high : low;
            text.append(i == 0 ? "" : ":").append(Long.toHexString(
                word >>> (GROUPS_PER_WORD - 1 - i % GROUPS_PER_WORD) * GROUP_BITS & 0xffff));
        }
        return text.toString();
    }
}
