package io.ringmaster.conformance;

import io.ringmaster.packet.Addresses;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What the egress program (native, src/main/bpf/egress.bpf.c) does with IPv4 replies by TCP and UDP, in Java, over the
 * same entries; checksums are summed up anew.
 */
final class EgressModel {
    private static final int IP = FrameFields.ETHERNET;
    private static final int KEY = 40;
    private static final int ENDPOINT = 18;

    /** By client, real server, ports and protocol: the address and port of the service. */
    private final Map<ByteBuffer, byte[]> expected = new HashMap<>();

    /** Takes an entry, as it is in {@link io.ringmaster.packet.LocalReply}. */
    void expect(final byte[] entry) {
        expected.put(ByteBuffer.wrap(Arrays.copyOf(entry, KEY)), Arrays.copyOfRange(entry, KEY, KEY + ENDPOINT));
    }

    /** A reply of the host as it leaves; as it is where nobody expects it. */
    byte[] leaving(final byte[] reply) {
        final byte[] service = expected.get(ByteBuffer.wrap(key(HostPacket.read(reply), true)));
        return service == null ? reply : with(reply, true, service);
    }

    /** What is told of it: nothing where nobody expects it. */
    byte[] told(final byte[] reply) {
        final HostPacket packet = HostPacket.read(reply);
        final byte[] key = key(packet, true);
        final byte[] service = expected.get(ByteBuffer.wrap(key));
        if (service == null) {
            return new byte[0];
        }
        final ByteBuffer told = ByteBuffer.allocate(48).put(key, 0, 16).put(service, 0, 16).put(key, 32, 2)
            .put(service, 16, 2).put((byte) packet.protocol())
            .put(packet.protocol() == 6 ? reply[packet.transport() + 13] : 0);
        return told.putInt(40, packet.end() - IP).array();
    }

    /** The reply of the host that left as this frame; the frame itself if none did. */
    byte[] before(final byte[] left) {
        final HostPacket packet = HostPacket.read(left);
        for (final Map.Entry<ByteBuffer, byte[]> each : expected.entrySet()) {
            final byte[] key = each.getKey().array();
            if (Arrays.equals(key(packet, true), keyWith(key, each.getValue()))) {
                return with(left, true, server(key));
            }
        }
        return left;
    }

    /** A client's packet as it was before the real server's address and port were written into it. */
    byte[] asArrived(final byte[] handedBack) {
        final byte[] service = expected.get(ByteBuffer.wrap(key(HostPacket.read(handedBack), false)));
        return service == null ? handedBack : with(handedBack, false, service);
    }

    private static byte[] server(final byte[] key) {
        return ByteBuffer.allocate(ENDPOINT).put(key, 16, 16).put(key, 34, 2).array();
    }

    private static byte[] keyWith(final byte[] key, final byte[] endpoint) {
        return ByteBuffer.wrap(key.clone()).put(16, endpoint, 0, 16).put(34, endpoint, 16, 2).array();
    }

    private static byte[] key(final HostPacket packet, final boolean reply) {
        final byte[] client = mapped(reply ? packet.to() : packet.from());
        final byte[] server = mapped(reply ? packet.from() : packet.to());
        return ByteBuffer.allocate(KEY).put(client).put(server).putShort((short) packet.port(reply ? 2 : 0))
            .putShort((short) packet.port(reply ? 0 : 2)).put((byte) packet.protocol()).array();
    }

    private static byte[] mapped(final byte[] address) {
        final InetAddress ip = Topology.ip(FrameFields.address(address));
        return ByteBuffer.allocate(16).putLong(Addresses.high(ip)).putLong(Addresses.low(ip)).array();
    }

    /** With another source, or destination. */
    private static byte[] with(final byte[] frame, final boolean source, final byte[] endpoint) {
        final HostPacket packet = HostPacket.read(frame);
        final byte[] changed = frame.clone();
        final ByteBuffer bytes = ByteBuffer.wrap(changed);
        System.arraycopy(endpoint, 12, changed, IP + (source ? 12 : 16), 4);
        System.arraycopy(endpoint, 16, changed, packet.transport() + (source ? 0 : 2), 2);
        bytes.putShort(IP + 10, (short) 0);
        bytes.putShort(IP + 10, (short) Sums.internet(Arrays.copyOfRange(changed, IP, packet.transport())));
        final int sum = packet.transport() + (packet.protocol() == 6 ? 16 : 6);
        bytes.putShort(sum, (short) 0);
        bytes.putShort(sum, (short) Sums.internet(Sums.pseudo(Arrays.copyOfRange(changed, IP + 12, IP + 20),
            packet.protocol(), packet.bytes()), Arrays.copyOfRange(changed, packet.transport(), packet.end())));
        return changed;
    }
}
