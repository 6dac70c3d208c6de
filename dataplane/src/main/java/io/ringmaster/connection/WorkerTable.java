package io.ringmaster.connection;

/**
 * One worker's part in the connection table: look-ups, inserts, its share of expiry. Owned by that worker's thread;
 * other threads have their own. A cycle is from one {@link #beginCycle} to the next, and slot numbers are of use within
 * it.
 */
public final class WorkerTable extends WorkerShare {
    WorkerTable(final ConnectionTable table, final int worker, final int workers, final EndListener listener) {
        super(table, worker, workers, (at, slot, key, value) -> listener.onEnd(key, value));
    }

    /**
     * Looks up a connection by a packet of its client.
     *
     * @param key   see {@link ConnectionKey#of}.
     * @param hash  see {@link ConnectionTable#hash}.
     * @param nowMs the director's monotonic clock; what is past its deadline is not found.
     * @return its slot, or {@link ConnectionTable#NOT_FOUND}. {@link #value()} is its value.
     */
    public long find(final long key, final long hash, final long nowMs) {
        return find(key, hash, ConnectionValue.LIVE, nowMs);
    }

    /**
     * Looks up a persistence template; as {@link #find}, and connections of client port 0 do not match.
     *
     * @param key with client port 0.
     */
    public long findTemplate(final long key, final long hash, final long nowMs) {
        return find(key, hash, ConnectionValue.LIVE | ConnectionValue.TEMPLATE, nowMs);
    }

    /**
     * As {@link #find}, for a packet of a batch whose home lines were touched: the common case, in which the connection
     * is in its home line, comes first and is short.
     *
     * @param home  where its home line is, see {@link ConnectionTable#touch}.
     * @param slots where in this line the key is, see {@link ConnectionTable#locate}; within the cycle no slot whose
     *              key was seen becomes another connection's.
     * @return whether there is one; it is then what {@link #replaceFound} and the like are about.
     */
    public boolean findAt(final long home, final int slots, final long key, final long hash, final long nowMs) {
        assert epochs.present(worker) : "beginCycle comes before a look-up";
        assert home == words.at(table.line(hash)) : "another hash's line";
        if (slots != 0) {
            final int slot = Integer.numberOfTrailingZeros(slots);
            final long seen = words.valueAcquire(home, slot);
            if ((seen & (ConnectionValue.PHASE_MASK | ConnectionValue.TEMPLATE)) == ConnectionValue.LIVE
                && !ConnectionValue.isExpired(seen, nowMs)) {
                value = seen;
                foundAt = home;
                foundSlot = slot;
                return true;
            }
        }
        // Not there when the batch was looked at: new, displaced, or made since by another packet of the batch.
        if (words.slotsOf(home, key) == 0 && marks.endsLookUp(home, 0)) {
            return false;
        }
        return find(key, hash, nowMs) >= 0;
    }

    private long find(final long key, final long hash, final long phaseAndFlag, final long nowMs) {
        assert epochs.present(worker) : "beginCycle comes before a look-up";
        long line = table.line(hash);
        for (int i = 0; i < ConnectionTable.PROBES; i++) {
            final long at = words.at(line);
            for (int slots = words.slotsOf(at, key); slots != 0; slots &= slots - 1) {
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
     * Looks up a masqueraded connection by a packet of its real server. If several connections of the client's port
     * could have this reply, the first whose state waits for such a segment is taken, else the first of them; that is
     * counted as {@link #ambiguous()}.
     *
     * @param clientAddress destination of the packet.
     * @param clientPort    its destination port.
     * @param hash          of these two and the protocol.
     * @param replyKey      source address, port and protocol in one long, not 0.
     * @param replyKeys     the same of each real server by its number, 0 for those that are not masqueraded.
     * @param tcpFlags      of the segment; anything for UDP.
     * @param nowMs         the director's monotonic clock.
     * @return its slot, or {@link ConnectionTable#NOT_FOUND}. {@link #value()} is its value.
     */
    public long findReply(final int clientAddress, final int clientPort, final long hash, final long replyKey,
                          final long[] replyKeys, final int tcpFlags, final long nowMs) {
        assert epochs.present(worker) : "beginCycle comes before a look-up";
        final long client = ConnectionKey.client(clientAddress, clientPort);
        long found = ConnectionTable.NOT_FOUND;
        boolean expected = false;
        boolean several = false;
        long line = table.line(hash);
        for (int i = 0; i < ConnectionTable.PROBES; i++) {
            final long at = words.at(line);
            for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot++) {
                final long seen = ConnectionKey.client(words.keyAcquire(at, slot)) == client
                    ? words.valueAcquire(at, slot) : ConnectionValue.FREE;
                if (repliesWith(seen, replyKey, replyKeys, nowMs)) {
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

    /**
     * Puts a connection or template into the table, unless another worker has just done so: then the answer is that
     * one's slot, {@link #inserted()} is false, and the caller takes the real server of {@link #value()} and its own
     * counts back. May end connections that are past their deadline or, where room is short, half-open ones.
     *
     * @param key   not 0.
     * @param hash  of its protocol, client address and port.
     * @param fresh see {@link ConnectionValue#of}; complete but for its phase.
     * @param nowMs the director's monotonic clock.
     * @return a slot, or {@link ConnectionTable#FULL}.
     */
    public long insert(final long key, final long hash, final long fresh, final long nowMs) {
        final long line = table.line(hash);
        if (insertAtHome(words.at(line), key, fresh, nowMs)) {
            return (line << ConnectionTable.SLOT_SHIFT) + foundSlot;
        }
        return insertOnPath(key, hash, fresh, nowMs);
    }

    /**
     * As {@link #insert}, for a packet of a batch whose home lines were touched.
     *
     * @param home where its home line is, see {@link ConnectionTable#touch}.
     * @return false if there is no room.
     */
    public boolean insertAt(final long home, final long key, final long hash, final long fresh, final long nowMs) {
        assert home == words.at(table.line(hash)) : "another hash's line";
        return insertAtHome(home, key, fresh, nowMs) || insertOnPath(key, hash, fresh, nowMs) >= 0;
    }

    private long insertOnPath(final long key, final long hash, final long fresh, final long nowMs) {
        final long slot = inserter.insert(key, hash, fresh, nowMs);
        value = inserter.value();
        found(slot);
        return slot;
    }

    private boolean insertAtHome(final long home, final long key, final long fresh, final long nowMs) {
        assert epochs.present(worker) : "beginCycle comes before an insert";
        final int slot = inserter.insertAtHome(home, key, fresh, nowMs);
        if (slot < 0) {
            return false;
        }
        value = inserter.value();
        foundAt = home;
        foundSlot = slot;
        return true;
    }
}
