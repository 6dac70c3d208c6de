package io.ringmaster.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.conformance.PlayedFrames;
import io.ringmaster.demo.Commands;
import io.ringmaster.demo.Namespaces;
import io.ringmaster.director.Needs;
import io.ringmaster.packet.Addresses;
import io.ringmaster.sys.Libc;
import io.ringmaster.sys.NetworkNamespace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The model of the XDP program against the program itself in the real kernel: every recording is played with both, told
 * the same, and each frame that comes in must mean the same to both.
 */
class XdpModelIT {
    private static final List<MarkFilter> FILTERS = List.of(filter(0x0a050000, 112, 0, 96, 0, 0, 0, 65_535),
        filter(0x0a050700, 120, 0, 96, 0, 6, 80, 80), filter(0x0a050700, 120, 0, 96, 0, 6, 8000, 8999),
        filter(0x0a060000, 113, 0xc0a80400, 118, 0, 17, 0, 65_535), filter(0x0a070001, 128, 0, 96, 101, 6, 80, 80),
        filter(0, 96, 0, 96, 100, 6, 443, 443), new MarkFilter(0, 0, 0, 0, 0, 0, 0, 6, 81, 81),
        new MarkFilter(0xfd05L << 48, 0, 64, 0xfd09L << 48, 0, 64, 0, 0, 0, 65_535));

    @Test
    void decidesAsTheProgram() {
        Needs.root();
        final String namespace = Namespaces.nextPrefix() + "xdp";
        Namespaces.add(namespace);
        try {
            Commands.run("ip", "-n", namespace, "link", "add", "vec0", "index", "100", "type", "veth", "peer", "name",
                "vec1", "index", "101");
            final List<String> different = new ArrayList<>();
            final int frames = NetworkNamespace.call(namespace, () -> play(different));
            assertEquals(List.of(), different);
            assertTrue(frames > 5000, "only " + frames + " frames were judged");
        } finally {
            Commands.run("ip", "netns", "del", namespace);
        }
    }

    private static int play(final List<String> different) {
        final int[] sockets = {TwoDecisions.socket(), TwoDecisions.socket()};
        final int[] frames = new int[1];
        try {
            PlayedFrames.all((name, links) -> {
                final TwoDecisions both = new TwoDecisions(name, sockets, links, different);
                return new PlayedFrames.Play(both, () -> {
                    frames[0] += both.frames();
                    both.close();
                });
            });
        } finally {
            for (final int socket : sockets) {
                Libc.close(socket);
            }
        }
        return frames[0];
    }

    @Test
    void decidesOnFirewallMarksAsTheProgram() {
        Needs.root();
        final String namespace = Namespaces.nextPrefix() + "xdm";
        Namespaces.add(namespace);
        try {
            Commands.run("ip", "-n", namespace, "link", "add", "vec0", "index", "100", "type", "veth", "peer", "name",
                "vec1", "index", "101");
            final List<String> different = new ArrayList<>();
            final int redirected = NetworkNamespace.call(namespace, () -> changeAndJudge(different));
            assertEquals(List.of(), different);
            assertTrue(redirected > 100, "only " + redirected + " frames were of a mark");
        } finally {
            Commands.run("ip", "netns", "del", namespace);
        }
    }

    private static int changeAndJudge(final List<String> different) {
        final int[] sockets = {TwoDecisions.socket(), TwoDecisions.socket()};
        try (TwoDecisions both = new TwoDecisions("marks", sockets, 2, different)) {
            both.addMac(100, 0x02_00_00_00_00_01L);
            int redirected = 0;
            for (final MarkFilter filter : FILTERS) {
                both.addMark(filter);
                redirected += judge(both);
            }
            for (final MarkFilter filter : FILTERS) {
                both.removeMark(filter);
                redirected += judge(both);
            }
            return redirected;
        } finally {
            for (final int socket : sockets) {
                Libc.close(socket);
            }
        }
    }

    private static MarkFilter filter(final int destination, final int destinationBits, final int source,
                                     final int sourceBits, final int interfaceIndex, final int protocol,
                                     final int first, final int last) {
        return new MarkFilter(Addresses.IPV4_HIGH, Addresses.ipv4Low(destination), destinationBits,
            Addresses.IPV4_HIGH, Addresses.ipv4Low(source), sourceBits, interfaceIndex, protocol, first, last);
    }

    /** Frames at and beside every edge of the filters; how many leave the kernel's path. */
    private static int judge(final TwoDecisions both) {
        int redirected = 0;
        for (final int destination : new int[] {0x0a04ffff, 0x0a050000, 0x0a0506ff, 0x0a050700, 0x0a0507ff, 0x0a05ffff,
            0x0a060000, 0x0a067fff, 0x0a068000, 0x0a070001, 0x0a070002}) {
            for (final int source : new int[] {0x0a090101, 0xc0a803ff, 0xc0a80400, 0xc0a807ff, 0xc0a80800}) {
                for (final int port : new int[] {0, 79, 80, 81, 443, 7999, 8000, 8999, 9000, 65_535}) {
                    for (final int protocol : new int[] {6, 17}) {
                        redirected += both.director(100, frame(protocol, source, destination, port))
                            == XdpReason.REDIRECTED_SERVICE ? 1 : 0;
                    }
                }
            }
        }
        return redirected + judgeFragments(both) + judgeIpv6(both);
    }

    private static int judgeFragments(final TwoDecisions both) {
        int redirected = 0;
        for (final int destination : new int[] {0x0a04ffff, 0x0a050000, 0x0a050700, 0x0a060000, 0x0a068000}) {
            for (final int protocol : new int[] {1, 6, 17, 44, 51}) {
                for (final int word : new int[] {0x2000, 0x2001, 0x0001}) {
                    final byte[] frame = frame(protocol, 0xc0a80400, destination, 80);
                    ByteBuffer.wrap(frame).putShort(20, (short) word);
                    redirected += both.director(100, frame) == XdpReason.REDIRECTED_FRAGMENT ? 1 : 0;
                }
            }
        }
        return redirected;
    }

    /** Whole packets and fragments; behind the header of the latter stand what is one's protocol, or more headers. */
    private static int judgeIpv6(final TwoDecisions both) {
        int redirected = 0;
        for (final long network : new long[] {0xfd05L << 48, 0xfd06L << 48}) {
            for (final long source : new long[] {0xfd09L << 48, 0xfd08L << 48}) {
                for (final int protocol : new int[] {6, 17, 58, 44, 60, 0, 43, 51, 59}) {
                    for (final int port : new int[] {80, 81}) {
                        redirected += taken(both, ipv6(protocol, source, network, port, -1));
                        for (final int word : new int[] {0, 1, 8, 9}) {
                            redirected += taken(both, ipv6(protocol, source, network, port, word));
                        }
                    }
                }
            }
        }
        return redirected;
    }

    private static int taken(final TwoDecisions both, final byte[] frame) {
        return both.director(100, frame).ordinal() < XdpReason.NO_SOCKET.ordinal() ? 1 : 0;
    }

    private static byte[] ipv6(final int protocol, final long source, final long destination, final int port,
                               final int fragmentWord) {
        final ByteBuffer frame = ByteBuffer.allocate(14 + 40 + 8 + 24);
        frame.putShort(0, (short) 0x0200).putInt(2, 1).putShort(12, (short) 0x86dd).putInt(14, 0x60000000);
        final boolean fragment = fragmentWord >= 0;
        frame.putShort(18, (short) (fragment ? 32 : 24)).put(20, (byte) (fragment ? 44 : protocol)).put(21, (byte) 64);
        frame.putLong(22, source).putLong(30, 1).putLong(38, destination).putLong(46, 2);
        if (fragment) {
            frame.put(54, (byte) protocol).putShort(56, (short) fragmentWord);
        }
        final int transport = fragment ? 62 : 54;
        return frame.putShort(transport, (short) 4000).putShort(transport + 2, (short) port).array();
    }

    private static byte[] frame(final int protocol, final int source, final int destination, final int port) {
        final ByteBuffer frame = ByteBuffer.allocate(60);
        frame.putShort(0, (short) 0x0200).putInt(2, 1).putShort(12, (short) 0x0800);
        frame.put(14, (byte) 0x45).putShort(16, (short) 46).put(22, (byte) 64).put(23, (byte) protocol);
        frame.putInt(26, source).putInt(30, destination).putShort(34, (short) 4000).putShort(36, (short) port);
        return frame.array();
    }
}
