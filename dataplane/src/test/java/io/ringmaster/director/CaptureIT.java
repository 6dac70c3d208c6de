package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.cli.capture.PcapngBlocks;
import io.ringmaster.demo.Commands;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Captures as a network engineer takes them: from the shell, read by tcpdump, with real packets. */
@Timeout(600)
class CaptureIT {
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    private static final int LONGEST_SEC = 60;
    private static final int PCAP_HEADER_BYTES = 24;
    private static final int PCAP_RECORD_BYTES = 16;
    private static final int CAPTURED = 8;
    /** Three of the handshake, the request, two segments of the answer: before and after. */
    private static final int LEAST_RECORDS = 12;
    private static Lab lab;
    private static LinkedLauncher launcher;
    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        Needs.root();
        Needs.program("tcpdump", "tcpdump");
        lab = Lab.with(DemoNetwork.Options.defaults());
        launcher = new LinkedLauncher();
        lab.service("-t", NAT, "rr", 1, 1);
    }

    @AfterAll
    static void end() {
        if (launcher != null) {
            launcher.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    /** A command line of the shell that ends by itself, in the folder. */
    private Process shell(final String line, final String name) throws IOException {
        return launcher.process(lab.director().socket(), "sh", "-c", line).directory(folder.toFile())
            .redirectOutput(folder.resolve(name + ".out").toFile())
            .redirectError(folder.resolve(name + ".err").toFile()).start();
    }

    private String said(final String name) throws IOException {
        return Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
    }

    private void awaitSaid(final String name, final String text) {
        assertTrue(RunningDirector.await(() -> {
            try {
                return said(name).contains(text);
            } catch (final IOException e) {
                return false;
            }
        }), () -> name + " never has " + text);
    }

    private static void await(final Process process) throws InterruptedException {
        assertTrue(process.waitFor(LONGEST_SEC, TimeUnit.SECONDS), "it does not end");
    }

    private static void request() {
        assertEquals(List.of(), lab.http(NAT).get(1, 1, number -> 2000).failures());
    }

    @Test
    void throughAPipeIntoTcpdump() throws Exception {
        final String vip = lab.vip(NAT);
        final Process pipe = shell("ringmaster capture --count 2 --service " + vip + ":80 -w - | tcpdump -nr -",
            "pipe");
        awaitSaid("pipe.err", "Capturing on front, back");
        request();
        await(pipe);
        final List<String> lines = said("pipe.out").lines().map(line -> line.replaceFirst("^\\S+ ", "")).toList();
        assertEquals(4, lines.size(), said("pipe.err"));
        assertTrue(lines.get(0).matches("IP 10.77.1.11.\\d+ > " + vip + ".80: Flags \\[S], .*"), lines::toString);
        assertTrue(lines.get(1).matches("IP 10.77.1.11.\\d+ > 10.77.2.1[12].8080: Flags \\[S], .*"), lines::toString);
        assertTrue(lines.get(2).matches("IP 10.77.2.1[12].8080 > 10.77.1.11.\\d+: Flags \\[S.], .*"), lines::toString);
        assertTrue(lines.get(3).matches("IP " + vip + ".80 > 10.77.1.11.\\d+: Flags \\[S.], .*"), lines::toString);
        assertTrue(said("pipe.err").contains("2 packets captured (4 records), 0 not taken"), said("pipe.err"));
    }

    @Test
    void whoReadsNoMoreEndsItWithoutTraffic() throws Exception {
        final Process head = shell("ringmaster capture --client 192.0.2.1 -w - | head -c 24 >/dev/null", "head");
        awaitSaid("head.err", "Capturing on front, back");
        await(head);
        final Process follower = shell("ringmaster events --last 1 | head -n 1", "events");
        await(follower);
        assertEquals(1, said("events.out").lines().count(), said("events.err"));
    }

    @Test
    void whatTheFileHoldsWasOnTheWireByteForByteAndCtrlCEndsItInOrder() throws Exception {
        final Process front = tcpdump(DemoNetwork.FRONT);
        final Process back = tcpdump(DemoNetwork.BACK);
        final Process capture = shell("exec ringmaster capture -w packets.pcapng --client 10.77.1.0/24", "file");
        awaitSaid("file.err", "Capturing on front, back");
        request();
        assertTrue(RunningDirector.await(() -> size("packets.pcapng") > 4000), "nothing is written");
        Commands.run("kill", "-INT", Long.toString(capture.pid()));
        await(capture);
        final byte[] file = Files.readAllBytes(folder.resolve("packets.pcapng"));
        final List<PcapngBlocks.Packet> packets = PcapngBlocks.of(file, file.length).packets();
        // What tcpdump has not read yet when it is told to end, it never writes.
        RunningDirector.await(() -> packets.stream().allMatch(this::wasOnTheWire));
        for (final Process wire : List.of(front, back)) {
            wire.destroy();
            await(wire);
        }
        assertEquals(0, capture.exitValue(), said("file.err"));
        assertTrue(said("file.err").matches("(?s).* packets captured \\(\\d+ records\\), 0 not taken.*"),
            said("file.err"));
        assertTrue(packets.size() >= LEAST_RECORDS, () -> packets.size() + " records");
        for (final PcapngBlocks.Packet packet : packets) {
            assertTrue(wasOnTheWire(packet),
                () -> packet.comment() + " was not on the wire: " + HexFormat.of().formatHex(packet.bytes()));
        }
        final String comments = Commands.run("tcpdump", "-nr", folder.resolve("packets.pcapng").toString());
        assertTrue(comments.lines().count() > packets.size(), "tcpdump reads all of them");
    }

    private long size(final String name) {
        return folder.resolve(name).toFile().length();
    }

    /** What passes the switch's port to an interface of the director. */
    private Process tcpdump(final String port) throws IOException {
        final Process process = new ProcessBuilder(DemoNetwork.insideOf(lab.network().switchboard(), "tcpdump", "-U",
            "--immediate-mode", "-ni", port, "-w", folder.resolve(port + ".pcap").toString()))
            .redirectError(folder.resolve(port + ".err").toFile()).start();
        awaitSaid(port + ".err", "listening on");
        return process;
    }

    /** Whether tcpdump has written it; the last record may be half there still. */
    private boolean wasOnTheWire(final PcapngBlocks.Packet packet) {
        final ByteBuffer pcap = ByteBuffer.wrap(pcap(packet.port() == 0 ? DemoNetwork.FRONT : DemoNetwork.BACK))
            .order(ByteOrder.LITTLE_ENDIAN);
        final ByteBuffer wanted = ByteBuffer.wrap(packet.bytes());
        int offset = PCAP_HEADER_BYTES;
        while (offset + PCAP_RECORD_BYTES <= pcap.capacity()) {
            final int captured = pcap.getInt(offset + CAPTURED);
            offset += PCAP_RECORD_BYTES;
            if (offset + captured <= pcap.capacity() && pcap.slice(offset, captured).equals(wanted)) {
                return true;
            }
            offset += captured;
        }
        return false;
    }

    private byte[] pcap(final String port) {
        try {
            return Files.readAllBytes(folder.resolve(port + ".pcap"));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whyAPacketIsDropped() throws Exception {
        final Process capture = shell("ringmaster capture --drop --count 1", "drop");
        awaitSaid("drop.err", "Capturing on front, back");
        sysctl("drop_packet=3", "am_droprate=1");
        try {
            Commands.outcome(DemoNetwork.insideOf(lab.network().client(), "curl", "-sm", "1", "http://" + lab.vip(NAT)
                + "/"), "");
        } finally {
            sysctl("drop_packet=0", "am_droprate=10");
        }
        await(capture);
        assertTrue(said("drop.out").matches("\\S+ front In   IP 10.77.1.11.\\d+ > " + lab.vip(NAT)
            + ".80: Flags \\[S], .*  #1 TCP " + lab.vip(NAT) + ":80 dropped: defence\n"), said("drop.out"));
    }

    private static void sysctl(final String... words) {
        final String[] args = new String[words.length + 1];
        args[0] = "sysctl";
        System.arraycopy(words, 0, args, 1, words.length);
        assertEquals(0, ControlClient.ask(lab.director().socket(), List.of(args), "").exit());
    }

    @Test
    void itEndsWhenItsClientIsKilled() throws Exception {
        final Process capture = shell("exec ringmaster capture", "killed");
        awaitSaid("killed.err", "Capturing on front, back");
        Commands.run("kill", "-KILL", Long.toString(capture.pid()));
        await(capture);
        lab.director().awaitLine(line -> line.contains("capture ended: "));
    }
}
