package io.ringmaster.connection;

import io.ringmaster.packet.Ipv4;

/**
 * Checks what one line of the table tells by itself and with the lines of its entries' probe paths. Owned by the
 * checker's thread, which is a reader in a cycle while this runs: a slot whose key or live value was seen is not used
 * again meanwhile, so a second look tells a fault from a change.
 */
final class LineCheck {
    private static final int SPARE_SCALE = 3;
    private static final long KIND = ConnectionValue.TEMPLATE;

    private final ConnectionTable table;
    private final TableWords words;
    private final OverflowMarks marks;
    private final TableFacts facts;
    private final TableReport report;
    private final Suspects suspects;
    private final KeyReader keys;
    private final int slotStep;

    LineCheck(final ConnectionTable table, final TableFacts facts, final TableReport report, final Suspects suspects) {
        this.table = table;
        this.words = table.words();
        this.marks = table.marks();
        this.facts = facts;
        this.report = report;
        this.suspects = suspects;
        this.keys = new KeyReader(table);
        this.slotStep = table.form().slotStep();
    }

    void check(final long line, final long nowMs) {
        final long at = words.at(line);
        boolean passed = false;
        for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += slotStep) {
            // Key first: the value that is loaded after it is this key's or there is none.
            final long key = words.keyAcquire(at, slot);
            final long value = words.valueAcquire(at, slot);
            passed |= isPassed(line, slot, value);
            final long phase = value & ConnectionValue.PHASE_MASK;
            if (phase == ConnectionValue.LIVE) {
                live(line, slot, key, value, nowMs);
            } else if (phase == ConnectionValue.FREE) {
                free(line, slot, key, value);
            } else if (phase == ConnectionValue.DYING) {
                dying(line, slot, value);
            } else {
                report.addPending();
                suspects.add((line << ConnectionTable.SLOT_SHIFT) + slot, value);
            }
        }
        if (passed) {
            report.addPassedLine();
        }
    }

    /** Whether the mark in a slot tells that something passed. */
    private boolean isPassed(final long line, final int slot, final long value) {
        final long mark = value & ConnectionValue.MARK_MASK;
        if (mark == ConnectionValue.MARK_MASK) {
            report.violation(TableRule.MARK, place(line, slot) + " has an overflow mark that does not exist");
            return false;
        }
        return mark != ConnectionValue.MARK_CLEAR;
    }

    private void free(final long line, final int slot, final long key, final long value) {
        if ((value & ~ConnectionValue.MARK_MASK) != 0) {
            report.violation(TableRule.PHASE, place(line, slot) + " is free and its value is " + hex(value));
        }
        if (key != ConnectionKey.NONE) {
            report.violation(TableRule.KEY, place(line, slot) + " is free and has the key of " + name(line, slot, key));
        }
    }

    private void dying(final long line, final int slot, final long value) {
        report.addDying();
        final long bare = value & ~ConnectionValue.MARK_MASK;
        if (bare == SlotLife.DYING_UNSTAMPED) {
            suspects.add((line << ConnectionTable.SLOT_SHIFT) + slot, value);
            return;
        }
        final long cycle = bare >>> ConnectionValue.CYCLE_SHIFT;
        if (cycle > table.epochs().current()) {
            report.violation(TableRule.PHASE, place(line, slot) + " ended in cycle " + cycle
                + ", which has not begun");
        }
        final long key = words.keyAcquire(words.at(line), slot);
        // The same value after the key: claimed meanwhile it would have another cycle.
        if (key != ConnectionKey.NONE && (words.valueAcquire(words.at(line), slot) & ~ConnectionValue.MARK_MASK)
            == bare) {
            report.violation(TableRule.KEY, place(line, slot) + " has ended and keeps the key of "
                + name(line, slot, key));
        }
    }

    private void live(final long line, final int slot, final long firstKey, final long value, final long nowMs) {
        long key = firstKey;
        if (key == ConnectionKey.NONE) {
            // It may have been made between the two loads.
            key = words.keyAcquire(words.at(line), slot);
            if (key == ConnectionKey.NONE) {
                if (ConnectionValue.isLive(words.valueAcquire(words.at(line), slot))) {
                    report.violation(TableRule.KEY, place(line, slot) + " is live and has no key");
                }
                return;
            }
        }
        if (ConnectionValue.isTemplate(value)) {
            report.addTemplate();
        } else {
            report.addConnection();
        }
        if (ConnectionValue.isExpired(value, nowMs)) {
            report.addLate();
        }
        final int protocol = facts.protocol(keys.endpoint(key));
        fields(line, slot, key, value, keys.protocol(key, protocol));
        if (protocol == TableFacts.UNKNOWN) {
            report.violation(TableRule.ORPHAN, entry(line, slot, key) + ": no service has this endpoint");
        } else {
            path(line, slot, key, value, protocol);
        }
        owner(line, slot, key, ConnectionValue.realServer(value));
    }

    private void fields(final long line, final int slot, final long key, final long value, final int protocol) {
        final boolean template = ConnectionValue.isTemplate(value);
        final String wrong;
        if (((int) (value >>> ConnectionValue.SCALE_SHIFT) & 3) == SPARE_SCALE) {
            wrong = "its deadline has the scale that is not in use";
        } else if (!template && !isState(protocol, ConnectionValue.state(value))) {
            wrong = "there is no state " + ConnectionValue.state(value) + " of IP protocol " + protocol;
        } else if (template && keys.clientPort(key) != 0
            && keys.clientPort(key) != TemplateValue.unusedPort(value)) {
            wrong = "a template has no client port, or its real server's number";
        } else if (template && ConnectionValue.isChild(value)) {
            wrong = "no template makes a template";
        } else {
            return;
        }
        report.violation(TableRule.FIELDS, entry(line, slot, key) + ": " + wrong);
    }

    /** Whether a number is one of a protocol's states. */
    private static boolean isState(final int protocol, final int state) {
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> state <= TcpState.NEW.ordinal() && state != TcpState.UDP.ordinal();
            case Ipv4.PROTOCOL_UDP -> state == TcpState.UDP.ordinal();
            case Ipv4.PROTOCOL_SCTP -> SctpState.isNumber(state);
            default -> true;
        };
    }

    private void owner(final long line, final int slot, final long key, final int server) {
        if (!facts.knows(server)) {
            report.violation(TableRule.ORPHAN, entry(line, slot, key) + ": nobody knows real server "
                + server);
        } else if (!facts.belongs(server, keys.endpoint(key))) {
            report.violation(TableRule.ORPHAN, entry(line, slot, key) + ": real server " + server
                + " is one of another service");
        }
    }

    /** From the home line to the entry's own: all marks lead on, and no live twin lies before it. */
    private void path(final long line, final int slot, final long key, final long value, final int protocol) {
        final long home = keys.home(words.at(line), slot, key, protocol);
        final long distance = line < home ? line - home + words.lines() : line - home;
        if (distance >= ConnectionTable.PROBES) {
            report.violation(TableRule.REACHABLE, entry(line, slot, key) + ": its home line is "
                + home + ", out of reach");
            return;
        }
        long other = home;
        for (long i = 0; i <= distance; i++) {
            final int slots = other == line ? slot : TableWords.SLOTS_PER_LINE;
            if (hasTwin(other, slots, line, slot, key, value & KIND) && isStill(line, slot, key)) {
                report.violation(TableRule.DUPLICATE, entry(line, slot, key)
                    + ": line " + other + " has the same one");
            }
            if (i < distance && marks.endsLookUp(words.at(other), (int) i) && isStill(line, slot, key)) {
                report.violation(TableRule.REACHABLE, entry(line, slot, key)
                    + ": a look-up stops at line " + other);
                return;
            }
            other = table.lineAfter(other);
        }
    }

    private boolean hasTwin(final long other, final int slots, final long line, final int own, final long key,
                            final long kind) {
        final long at = words.at(other);
        for (int slot = 0; slot < slots; slot += slotStep) {
            if (words.keyAcquire(at, slot) == key && keys.sameAddress(at, slot, words.at(line), own)
                && (words.valueAcquire(at, slot) & (ConnectionValue.PHASE_MASK | KIND))
                == (ConnectionValue.LIVE | kind)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the entry is live now: it was before, so it was all the time. */
    private boolean isStill(final long line, final int slot, final long key) {
        final long at = words.at(line);
        return words.keyAcquire(at, slot) == key && ConnectionValue.isLive(words.valueAcquire(at, slot));
    }

    private static String place(final long line, final int slot) {
        return "line " + line + " slot " + slot;
    }

    private static String hex(final long word) {
        return "0x" + Long.toHexString(word);
    }

    private String entry(final long line, final int slot, final long key) {
        return place(line, slot) + ", " + name(line, slot, key);
    }

    private String name(final long line, final int slot, final long key) {
        return keys.name(words.at(line), slot, key);
    }
}
