package io.ringmaster.connection;

/**
 * One worker's part in a connection table of the wide form: look-ups, inserts, its share of expiry. Owned by that
 * worker's thread; other threads have their own. A cycle is from one {@link #beginCycle} to the next, and slot numbers
 * are of use within it.
 */
public final class WideWorkerTable extends WorkerShare {
    /** The port that a masqueraded real server sends from. */
    public enum ReplyPort {
        /** Its service has one port, and it has one. */
        OF_ONE(WideKey.ofReply(-1L), false, false),
        /** It has no port of its own, so that which its client asked for. */
        SERVER_WITHOUT(WideKey.ofReplyOfAnyPort(-1L), false, false),
        /** Its own, of a service of several. */
        OWN(WideKey.ofReplyOfOwnPort(-1L), false, true),
        /** That which its client asked for, although it has its own: by a template, or of FTP. */
        KEPT(WideKey.ofReplyOfAnyPort(-1L), true, false);

        private static final long KEEPS = ConnectionValue.CHILD | ConnectionValue.CONTROLLED;
        private final long keyMask;
        private final boolean onlyKeeping;
        private final boolean onlyOthers;

        ReplyPort(final long keyMask, final boolean onlyKeeping, final boolean onlyOthers) {
            this.keyMask = keyMask;
            this.onlyKeeping = onlyKeeping;
            this.onlyOthers = onlyOthers;
        }

        private boolean isOf(final long value) {
            return (value & KEEPS) == 0 ? !onlyKeeping : !onlyOthers;
        }
    }

    WideWorkerTable(final ConnectionTable table, final int worker, final int workers, final WideEndListener listener) {
        super(table, worker, workers, (at, slot, key, value) -> listener.onEnd(table.words().addressHigh(at, slot),
            table.words().addressLow(at, slot), key, value));
    }

    /**
     * Looks up a connection by a packet of its client.
     *
     * @param key         see {@link WideKey}.
     * @param addressHigh first 64 bits of the client's address.
     * @param addressLow  the other 64; of an IPv4 client see {@link WideKey#mapped}.
     * @param hash        see {@link ConnectionTable#wideHash}.
     * @param nowMs       the director's monotonic clock; what is past its deadline is not found.
     * @return its slot, or {@link ConnectionTable#NOT_FOUND}. {@link #value()} is its value.
     */
    public long find(final long key, final long addressHigh, final long addressLow, final long hash,
                     final long nowMs) {
        return find(key, addressHigh, addressLow, hash, ConnectionValue.LIVE, nowMs);
    }

    /**
     * Looks up a persistence template; as {@link #find}, and connections of client port 0 do not match.
     *
     * @param key with client port 0.
     */
    public long findTemplate(final long key, final long addressHigh, final long addressLow, final long hash,
                             final long nowMs) {
        return find(key, addressHigh, addressLow, hash, ConnectionValue.LIVE | ConnectionValue.TEMPLATE, nowMs);
    }

    private long find(final long key, final long high, final long low, final long hash, final long phaseAndFlag,
                      final long nowMs) {
        assert epochs.present(worker) : "beginCycle comes before a look-up";
        long line = table.line(hash);
        for (int i = 0; i < ConnectionTable.PROBES; i++) {
            final long at = words.at(line);
            for (int slots = words.wideSlotsOf(at, key, high, low); slots != 0; slots &= slots - 1) {
                final int slot = Integer.numberOfTrailingZeros(slots);
                final long seen = words.valueAcquire(at, slot);
                if ((seen & (ConnectionValue.PHASE_MASK | ConnectionValue.TEMPLATE)) == phaseAndFlag
                    && !ConnectionValue.isExpired(seen, nowMs)) {
                    value = seen;
                    foundAt = at;
                    foundSlot = slot;
                    return (line << ConnectionTable.SLOT_SHIFT) + slot;
                }
            }
            if (marks.endsLookUp(at, i)) {
                return ConnectionTable.NOT_FOUND;
            }
            line = table.lineAfter(line);
        }
        return ConnectionTable.NOT_FOUND;
    }

    /**
     * Looks up a masqueraded connection by a packet of its real server. If several could have this reply, the first
     * whose state waits for such a segment is taken, else the first of them; that is counted as {@link #ambiguous()}.
     *
     * @param key         see {@link WideKey#ofReply}: connections of services of one port and those of services of all
     *                    ports are looked for one after the other.
     * @param addressHigh first 64 bits of the packet's destination address.
     * @param addressLow  the other 64.
     * @param hash        of the destination address and port and the protocol.
     * @param replyKey    stands for source address, port (0 if connections of services of all ports are looked for) and
     *                    protocol; not 0.
     * @param replyKeys   the same of each real server by its number, 0 for those that are not masqueraded.
     * @param tcpFlags    of the segment; anything for UDP.
     * @param nowMs       the director's monotonic clock.
     * @return its slot, or {@link ConnectionTable#NOT_FOUND}. {@link #value()} is its value.
     */
    public long findReply(final long key, final long addressHigh, final long addressLow, final long hash,
                          final long replyKey, final long[] replyKeys, final int tcpFlags, final long nowMs) {
        return findReplyOfAnyPort(key, ReplyPort.OF_ONE, addressHigh, addressLow, hash, replyKey, replyKeys, tcpFlags,
            nowMs);
    }

    /**
     * As {@link #findReply(long, long, long, long, long, long[], int, long)}, of connections of services of several
     * ports; if the key is one of a firewall mark's service, whatever address the client asked for.
     *
     * @param port what port the real server sends from.
     */
    public long findReplyOfAnyPort(final long key, final ReplyPort port, final long addressHigh,
                                   final long addressLow, final long hash, final long replyKey,
                                   final long[] replyKeys, final int tcpFlags, final long nowMs) {
        final long keyMask = port.keyMask;
        final long highMask = WideKey.isMarked(key, addressLow) ? 0 : -1;
        assert epochs.present(worker) : "beginCycle comes before a look-up";
        long found = ConnectionTable.NOT_FOUND;
        boolean expected = false;
        boolean several = false;
        long line = table.line(hash);
        for (int i = 0; i < ConnectionTable.PROBES; i++) {
            final long at = words.at(line);
            for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += TableForm.WIDE.slotStep()) {
                final long held = words.keyAcquire(at, slot);
                final long seen = held != ConnectionKey.NONE && (held & keyMask) == key
                    && ((words.addressHigh(at, slot) ^ addressHigh) & highMask) == 0
                    && words.addressLow(at, slot) == addressLow
                    ? words.valueAcquire(at, slot) : ConnectionValue.FREE;
                if (repliesWith(seen, replyKey, replyKeys, nowMs) && port.isOf(seen)) {
                    several |= found >= 0;
                    final boolean expects = TcpState.expectsReply(ConnectionValue.state(seen), tcpFlags);
                    if (found < 0 || expects && !expected) {
                        found = (line << ConnectionTable.SLOT_SHIFT) + slot;
                        expected = expects;
                        value = seen;
                        foundAt = at;
                        foundSlot = slot;
                    }
                }
            }
            if (marks.endsLookUp(at, i)) {
                break;
            }
            line = table.lineAfter(line);
        }
        ambiguous += several ? 1 : 0;
        return found;
    }

    /** The key of the connection that was found last; 0 if it has ended since. */
    public long foundKey() {
        return words.keyAcquire(foundAt, foundSlot);
    }

    /** The first address word of the connection that was found last; to be read before {@link #foundKey}. */
    public long foundAddressHigh() {
        return words.addressHigh(foundAt, foundSlot);
    }

    /**
     * Puts a connection or template into the table, unless another worker has just done so: then the answer is that
     * one's slot, {@link #inserted()} is false, and the caller takes the real server of {@link #value()} and its own
     * counts back. May end connections that are past their deadline or, where room is short, half-open ones.
     *
     * @param key         see {@link WideKey}, with an endpoint.
     * @param addressHigh first 64 bits of the client's address.
     * @param addressLow  the other 64.
     * @param hash        of its protocol, client address and port.
     * @param fresh       see {@link ConnectionValue#of}; complete but for its phase.
     * @param nowMs       the director's monotonic clock.
     * @return a slot, or {@link ConnectionTable#FULL}.
     */
    public long insert(final long key, final long addressHigh, final long addressLow, final long hash,
                       final long fresh, final long nowMs) {
        assert epochs.present(worker) : "beginCycle comes before an insert";
        assert WideKey.endpoint(key) != 0 : "a key without endpoint";
        final long slot = inserter.insert(key, addressHigh, addressLow, hash, fresh, nowMs);
        value = inserter.value();
        found(slot);
        return slot;
    }
}
