package io.ringmaster.explain;

import io.ringmaster.connection.ConnectionKey;
import io.ringmaster.connection.ConnectionLister;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.WideKey;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.service.ServiceView;
import java.util.ArrayList;
import java.util.List;

/** Reads from the connection tables what one packet can meet there. Owned by the control thread. */
final class NearEntries {
    private final ConnectionTable narrow;
    private final ConnectionTable wide;
    private final ConnectionLister narrowLister;
    private final ConnectionLister wideLister;
    private final long nowMs;
    private final List<Entry> found = new ArrayList<>();

    NearEntries(final ConnectionTable narrow, final ConnectionTable wide, final long nowMs) {
        this.narrow = narrow;
        this.wide = wide;
        this.narrowLister = narrow.lister(0);
        this.wideLister = wide.lister(0);
        this.nowMs = nowMs;
    }

    /** What was found. */
    List<Entry> found() {
        return List.copyOf(found);
    }

    /** Connections of a client, and of FTP those that wait for its port. */
    NearEntries ofClient(final int protocol, final Question.End client) {
        final int address = Addresses.ipv4(client.low());
        if (Addresses.isIpv4(client.high(), client.low())) {
            narrowLister.near(narrow.hash(protocol, address, client.port()), nowMs, (key, value, sec) -> {
                if (ConnectionKey.clientAddress(key) == address && ConnectionKey.clientPort(key) == client.port()
                    && !ConnectionValue.isTemplate(value)) {
                    note(new Entry(false, 0, 0, key, value));
                }
            });
        }
        ofWideClient(protocol, client, client.port());
        if (protocol == Ipv4.PROTOCOL_TCP && client.port() != 0) {
            ofWideClient(protocol, client, 0);
        }
        return this;
    }

    private void ofWideClient(final int protocol, final Question.End client, final int port) {
        wideLister.nearWide(wide.wideHash(protocol, client.high(), client.low(), port), nowMs,
            (high, low, key, value, sec) -> {
                if (low == client.low() && (high == client.high() || WideKey.isMarked(key, low))
                    && WideKey.clientPort(key) == port && !ConnectionValue.isTemplate(value)) {
                    note(new Entry(true, high, low, key, value));
                }
            });
    }

    /** Whether there is room for a connection of a client. */
    boolean hasRoom(final ServiceView service, final int protocol, final Question.End client) {
        return service.wide()
            ? wideLister.hasRoom(wide.wideHash(protocol, client.high(), client.low(), client.port()), nowMs)
            : narrowLister.hasRoom(narrow.hash(protocol, Addresses.ipv4(client.low()), client.port()), nowMs);
    }

    /** The template of a client of a persistent service. */
    NearEntries templateOf(final ServiceView service, final Question.End client) {
        final long high = client.high() & service.persistMaskHigh();
        final long low = client.low() & service.persistMaskLow();
        if (service.wide()) {
            final long wanted = WideKey.of(0, service.endpoint());
            wideLister.nearWide(wide.wideHash(service.protocol(), high, low, 0), nowMs,
                (entryHigh, entryLow, key, value, sec) -> {
                    if (key == wanted && entryHigh == high && entryLow == low && ConnectionValue.isTemplate(value)) {
                        note(new Entry(true, high, low, key, value));
                    }
                });
        } else {
            final long wanted = ConnectionKey.of(Addresses.ipv4(low), 0, service.endpoint());
            narrowLister.near(narrow.hash(service.protocol(), Addresses.ipv4(low), 0), nowMs, (key, value, sec) -> {
                if (key == wanted && ConnectionValue.isTemplate(value)) {
                    note(new Entry(false, 0, 0, key, value));
                }
            });
        }
        return this;
    }

    /** Both ends of a packet may be one client's, and both forms of the table be looked at twice. */
    private void note(final Entry entry) {
        if (found.stream().noneMatch(entry::sameAs)) {
            found.add(entry);
        }
    }
}
