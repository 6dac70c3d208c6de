package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** The sets of addresses and endpoints by which the XDP program decides. Owned by the control thread. */
final class AddressSets {
    private final BpfMap services;
    private final BpfMap replies;
    private final BpfMap localAddresses;
    private final BpfMap tunnelServers;

    AddressSets(final BpfObject object) {
        services = object.map("services");
        replies = object.map("replies");
        localAddresses = object.map("local_addresses");
        tunnelServers = object.map("tunnel_servers");
    }

    void addService(final int protocol, final long high, final long low, final int port) {
        change(services, true, protocol, high, low, port);
    }

    void removeService(final int protocol, final long high, final long low, final int port) {
        change(services, false, protocol, high, low, port);
    }

    void addReply(final int protocol, final long high, final long low, final int port) {
        change(replies, true, protocol, high, low, port);
    }

    void removeReply(final int protocol, final long high, final long low, final int port) {
        change(replies, false, protocol, high, low, port);
    }

    void addLocalAddress(final long high, final long low) {
        change(localAddresses, true, high, low);
    }

    void removeLocalAddress(final long high, final long low) {
        change(localAddresses, false, high, low);
    }

    void addTunnelServer(final long high, final long low) {
        change(tunnelServers, true, high, low);
    }

    void removeTunnelServer(final long high, final long low) {
        change(tunnelServers, false, high, low);
    }

    private static void change(final BpfMap set, final boolean add, final int protocol, final long high,
                               final long low, final int port) {
        try (Arena arena = Arena.ofConfined()) {
            change(set, add, arena, MapKeys.endpoint(arena, protocol, high, low, port),
                "protocol " + protocol + " " + text(high, low) + " port " + port);
        }
    }

    private static void change(final BpfMap set, final boolean add, final long high, final long low) {
        try (Arena arena = Arena.ofConfined()) {
            change(set, add, arena, MapKeys.address(arena, high, low), text(high, low));
        }
    }

    private static void change(final BpfMap set, final boolean add, final Arena arena, final MemorySegment key,
                               final String what) {
        if (add) {
            set.put(key, arena.allocateFrom(JAVA_BYTE, (byte) 1), what);
        } else {
            set.remove(key, what);
        }
    }

    private static String text(final long high, final long low) {
        try { // Java itself turns ::ffff:a.b.c.d into a.b.c.d
            return InetAddress.getByAddress(ByteBuffer.allocate(16).putLong(high).putLong(low).array())
                .getHostAddress();
        } catch (final UnknownHostException e) {
            throw new IllegalStateException("16 bytes are always an address", e);
        }
    }
}
