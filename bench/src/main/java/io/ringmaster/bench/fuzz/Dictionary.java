package io.ringmaster.bench.fuzz;

import java.util.SplittableRandom;

/** What is worth trying in a field: the addresses and ports of the recordings' network, and the edges of numbers. */
final class Dictionary {
    private static final String[] IPV4 = {"10.1.0.100", "10.1.0.101", "10.1.0.102", "10.2.0.11", "10.2.0.12",
        "10.2.0.13", "10.2.0.14", "10.3.0.11", "10.9.1.1", "10.9.1.2", "10.1.0.11", "10.1.0.1", "10.2.0.1", "10.5.0.1",
        "10.2.0.254", "10.1.0.254", "127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "10.2.0.99", "8.8.8.8"};
    private static final String[] IPV6 = {"fd01::100", "fd01::101", "fd02::b", "fd02::c", "fd02::d", "fd03::b",
        "fd09::1", "fd09::2", "fd01::b", "fd01::1", "fd02::1", "fd02::fe", "::1", "::", "ff02::1", "fe80::1",
        "::ffff:10.1.0.100", "fd02::99", "2001:db8::1"};
    private static final int[] PORTS = {80, 443, 53, 8080, 21, 20, 5060, 6080, 4000, 4001, 4002, 0, 1, 65_535, 1024};
    private static final int[] PROTOCOLS = {6, 17, 132, 1, 58, 4, 41, 47, 50, 51, 0, 43, 44, 60, 59, 2, 135, 255};
    private static final int[] EDGES = {0, 1, 2, 4, 5, 7, 8, 15, 16, 19, 20, 28, 39, 40, 0x7f, 0x80, 0xff, 0x100,
        576, 1280, 1499, 1500, 1501, 0x1fff, 0x2000, 0x3fff, 0x4000, 0x7fff, 0x8000, 0xfff0, 0xfffe, 0xffff};
    private static final byte[][] ADDRESSES_4 = bytes(IPV4);
    private static final byte[][] ADDRESSES_6 = bytes(IPV6);

    private final SplittableRandom random;

    Dictionary(final SplittableRandom random) {
        this.random = random;
    }

    private static byte[][] bytes(final String... addresses) {
        final byte[][] bytes = new byte[addresses.length][];
        for (int i = 0; i < bytes.length; i++) {
            // A mapped address would become one of four bytes.
            bytes[i] = addresses[i].startsWith("::ffff:") ? mapped(Network.ip(addresses[i]).getAddress())
                : Network.ip(addresses[i]).getAddress();
        }
        return bytes;
    }

    private static byte[] mapped(final byte[] four) {
        final byte[] all = new byte[16];
        all[10] = (byte) 0xff;
        all[11] = (byte) 0xff;
        System.arraycopy(four, 0, all, 12, four.length);
        return all;
    }

    byte[] ipv4() {
        return ADDRESSES_4[random.nextInt(ADDRESSES_4.length)];
    }

    byte[] ipv6() {
        return ADDRESSES_6[random.nextInt(ADDRESSES_6.length)];
    }

    int port() {
        return random.nextInt(4) == 0 ? random.nextInt(65_536) : PORTS[random.nextInt(PORTS.length)];
    }

    int protocol() {
        return PROTOCOLS[random.nextInt(PROTOCOLS.length)];
    }

    int edge() {
        return EDGES[random.nextInt(EDGES.length)];
    }
}
