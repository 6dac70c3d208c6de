package io.ringmaster.conformance;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.conformance.Fixture.Command;
import io.ringmaster.conformance.Fixture.Connection;
import io.ringmaster.conformance.Fixture.Listed;
import io.ringmaster.conformance.Fixture.Send;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each bug excuses what was meant, and nothing beside it. */
class KernelBugTest {
    private static final String CLIENT = "10.9.1.1";
    private static final int IP = FrameFields.ETHERNET;
    private final Story story = new Story(new HostAnswer(new Topology(1500)));

    private static List<Send> sends(final String name) {
        return FixtureReader.read(name, FixtureSet.own(name)).steps().stream()
            .filter(Send.class::isInstance).map(Send.class::cast).toList();
    }

    /** After one hop, with the checksums made anew. */
    private static byte[] routed(final byte[] frame) {
        final byte[] copy = frame.clone();
        copy[IP + 8]--;
        put16(copy, IP + 10, 0);
        put16(copy, IP + 10, Sums.internet(Arrays.copyOfRange(copy, IP, IP + 20)));
        return copy;
    }

    private static void put16(final byte[] frame, final int at, final int value) {
        frame[at] = (byte) (value >> 8);
        frame[at + 1] = (byte) value;
    }

    private boolean excuses(final KernelBug bug, final byte[] in, final List<byte[]> kernel, final byte[] ours) {
        return bug.frames(in, kernel, List.of(ours), story);
    }

    /** No other byte of ours may be otherwise. */
    private void nothingBeside(final KernelBug bug, final byte[] in, final List<byte[]> kernel, final byte[] ours,
                               final int from, final int to) {
        assertTrue(excuses(bug, in, kernel, ours));
        for (int offset = from; offset < to; offset++) {
            final byte[] other = ours.clone();
            other[offset] ^= 1;
            assertFalse(excuses(bug, in, kernel, other), "byte " + offset);
        }
    }

    @Test
    void untranslatedReplies() {
        final byte[] in = Segments.fromServer("10.2.0.11", 80, CLIENT, "A");
        final List<byte[]> kernel = List.of(routed(in));
        final byte[] ours = routed(Segments.fromServer("10.1.0.100", 80, CLIENT, "A"));
        assertFalse(excuses(KernelBug.UNTRANSLATED, in, kernel, ours), "no service was deleted");
        story.goOn(new Command("ipvsadm -D -t 10.1.0.100:80", 0, ""));
        nothingBeside(KernelBug.UNTRANSLATED, in, kernel, ours, IP + 8, IP + 40);
        story.goOn(new Command("ipvsadm -A -t 10.1.0.100:80 -s rr", 0, ""));
        assertFalse(excuses(KernelBug.UNTRANSLATED, in, kernel, ours), "it was added again");
    }

    @Test
    void staleMtu() {
        final Send send = sends("icmp-in-tunnel-ipip").get(2);
        final byte[] kernel = send.out().getFirst().frame();
        final byte[] ours = kernel.clone();
        put16(ours, IP + 20 + 6, 1200 - 20);
        put16(ours, IP + 20 + 2, 0);
        put16(ours, IP + 20 + 2, Sums.internet(Arrays.copyOfRange(ours, IP + 20, ours.length)));
        nothingBeside(KernelBug.STALE_MTU, send.frame(), List.of(kernel), ours, IP + 12, ours.length);
        assertFalse(excuses(KernelBug.STALE_MTU, send.frame(), List.of(ours), kernel), "the other way round");
    }

    @Test
    void errorsOfTheRealServersSideInIpv6() {
        int translated = 0;
        for (final Send send : sends("icmp6-nat-offload")) {
            if (send.unfinished() && send.out().size() == 1
                && !excuses(KernelBug.ICMP6_DROPPED, send.frame(), send.out().stream().map(Fixture.Out::frame).toList(),
                    send.out().getFirst().frame())
                && excuses(KernelBug.ICMP6_DROPPED, send.frame(), List.of(), send.out().getFirst().frame())) {
                translated++;
            }
        }
        assertTrue(translated >= 4, translated + " errors");
    }

    @Test
    void blackHoleOfTunnelsInIpv6() {
        final Send send = sends("icmp-in-tunnel-ip6ip6").get(2);
        final byte[] in = send.frame();
        final HostPacket error = HostPacket.read(in);
        final int inner = error.transport() + 48;
        final byte[] ours = new byte[IP + 48 + error.end() - inner];
        System.arraycopy(in, 0, ours, 0, IP + 48);
        System.arraycopy(in, inner + 24, ours, IP + 8, 16);
        System.arraycopy(in, inner + 8, ours, IP + 24, 16);
        System.arraycopy(in, inner, ours, IP + 48, error.end() - inner);
        put16(ours, IP + 4, ours.length - IP - 40);
        put16(ours, IP + 42, 0);
        put16(ours, IP + 42, Sums.internet(Sums.pseudo(Arrays.copyOfRange(ours, IP + 8, IP + 40), 58,
            ours.length - IP - 40), Arrays.copyOfRange(ours, IP + 40, ours.length)));
        assertFalse(excuses(KernelBug.BLACK_HOLE, in, List.of(), ours), "no router told");
        story.goOn(send);
        nothingBeside(KernelBug.BLACK_HOLE, in, List.of(), ours, IP + 7, ours.length);
        assertFalse(excuses(KernelBug.BLACK_HOLE, in, List.of(ours), ours), "the kernel sent something");
    }

    @Test
    void statesBehindExtensionHeaders() {
        final Listed close = row("[fd09::1]:4000", "CLOSE", 9);
        final Listed established = row("[fd09::1]:4000", "ESTABLISHED", 899);
        assertFalse(KernelBug.EXTENSION_CLOSES.connection(close, established, story), "no headers were there");
        sends("fwd6-ext").forEach(story::goOn);
        assertTrue(KernelBug.EXTENSION_CLOSES.connection(close, established, story));
        assertFalse(KernelBug.EXTENSION_CLOSES.connection(established, close, story), "the other way round");
        assertFalse(KernelBug.EXTENSION_CLOSES.connection(row("[fd09::2]:4000", "CLOSE", 9),
            row("[fd09::2]:4000", "ESTABLISHED", 899), story), "another client");
    }

    @Test
    void templatesOfSixtySeconds() {
        story.goOn(new Command("ipvsadm -A -t 10.1.0.100:80 -s rr -p 2", 0, ""));
        assertTrue(KernelBug.TEMPLATE_60_SEC.connection(row("10.9.1.1:0", "NONE", 59), row("10.9.1.1:0", "NONE", 2),
            story));
        assertFalse(KernelBug.TEMPLATE_60_SEC.connection(row("10.9.1.1:4000", "NONE", 59),
            row("10.9.1.1:4000", "NONE", 2), story), "no template");
        assertFalse(KernelBug.TEMPLATE_60_SEC.connection(row("10.9.1.1:0", "NONE", 2), row("10.9.1.1:0", "NONE", 59),
            story), "the kernel's is not above -p");
    }

    private static Listed row(final String source, final String state, final long expireSec) {
        return new Listed(new Connection("TCP", state, source, "10.1.0.100:80", "10.2.0.11:80", ""), expireSec);
    }
}
