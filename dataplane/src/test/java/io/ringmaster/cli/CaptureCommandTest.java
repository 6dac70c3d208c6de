package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.capture.Capture;
import io.ringmaster.capture.CaptureFilter;
import io.ringmaster.capture.CaptureRecord;
import io.ringmaster.capture.CaptureRecord.Side;
import io.ringmaster.capture.Captures;
import io.ringmaster.cli.capture.PcapngBlocks;
import io.ringmaster.control.Caller;
import io.ringmaster.packet.Addresses;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.stats.Counter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What capture says of records, and how it begins and ends. The test plays the worker. */
@Timeout(600)
class CaptureCommandTest {
    /** A SYN from 10.9.1.1 port 4000 to 10.0.0.1 port 80. */
    private static final byte[] SYN = HexFormat.of().parseHex("0200000000010200000000020800"
        + "4500002800000000400665c60a0901010a000001" + "0fa00050000003e8000007d05002ffff00000000");
    private static final int OTHER_PACKETS_BYTES = 256;

    private final ServedDirector director = ServedDirector.start();
    private final MemorySegment record =
        Arena.ofAuto().allocate(CaptureRecord.HEADER_BYTES + OTHER_PACKETS_BYTES, Long.BYTES);

    @AfterEach
    void close() {
        director.close();
    }

    private static void await(final BooleanSupplier condition) {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < endNs, "never");
            Thread.onSpinWait();
        }
    }

    private CompletableFuture<ServedDirector.Answer> capturing(final String... words) {
        final CompletableFuture<ServedDirector.Answer> answer =
            CompletableFuture.supplyAsync(() -> director.run(words));
        awaitCapture();
        return answer;
    }

    private Capture awaitCapture() {
        await(() -> director.captures().running().length > 0);
        director.captures().use(0, director.captures().running());
        return director.captures().running()[0];
    }

    private void offer(final Capture capture, final long number, final Side side, final int port, final byte[] frame,
                       final Counter verdict) {
        final ServiceKey service = new ServiceKey(1, 6, Addresses.IPV4_HIGH, Addresses.ipv4Low(0x0a00_0001), 80, 0);
        CaptureRecord.describe(record, verdict.ordinal(), service, null, 0);
        CaptureRecord.renumber(record, number);
        CaptureRecord.side(record, side, System.nanoTime(), port, frame.length);
        MemorySegment.copy(frame, 0, record, java.lang.foreign.ValueLayout.JAVA_BYTE, CaptureRecord.HEADER_BYTES,
            frame.length);
        assertTrue(capture.offer(0, record, CaptureRecord.HEADER_BYTES + frame.length, port));
    }

    private void leave() {
        await(() -> director.captures().running().length == 0);
        director.captures().use(0, director.captures().running());
    }

    private static ServedDirector.Answer of(final CompletableFuture<ServedDirector.Answer> answer) {
        return answer.orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Test
    void linesUntilTheCountIsReachedWithBothSidesOfTheLastPacket() {
        final CompletableFuture<ServedDirector.Answer> answer = capturing("capture", "--count", "1");
        final Capture capture = director.captures().running()[0];
        offer(capture, 1, Side.BEFORE, 0, SYN, Counter.SENT_TO_REAL_SERVER);
        offer(capture, 1, Side.AFTER, 1, SYN, Counter.SENT_TO_REAL_SERVER);
        offer(capture, 2, Side.BEFORE, 0, SYN, Counter.DROP_TTL);
        leave();
        final ServedDirector.Answer said = of(answer);
        assertEquals(0, said.exit(), said::err);
        final String packet = "IP 10.9.1.1.4000 > 10.0.0.1.80: Flags [S], seq 1000, win 65535, length 0  #1";
        assertEquals(List.of("front In   " + packet + " TCP 10.0.0.1:80 sent-to-real-server", "back  Out  " + packet),
            said.out().lines().map(line -> line.substring(line.indexOf(' ') + 1)).toList());
        assertEquals("Capturing on front, back; Ctrl-C ends it.\n"
            + "1 packet captured (2 records), 0 not taken because the ring was full.\n", said.err());
    }

    @Test
    void jsonHasReasons() {
        final CompletableFuture<ServedDirector.Answer> answer = capturing("capture", "--count", "1", "--json");
        offer(director.captures().running()[0], 1, Side.BEFORE, 1, SYN, Counter.DROP_TTL);
        leave();
        assertTrue(of(answer).out().matches("\\{\"time\":\"[^\"]*\",\"packet\":1,\"side\":\"before\","
            + "\"interface\":\"back\",\"bytes\":54,\"text\":\"IP 10.9.1.1.4000 > [^\"]*\","
            + "\"service\":\"TCP 10.0.0.1:80\",\"realServer\":null,\"method\":null,\"verdict\":\"dropped\","
            + "\"reason\":\"drop-ttl\"}\n"), () -> of(answer).out());
    }

    @Test
    void aFileOfTheClientsIsWrittenByTheClient(@TempDir final Path folder) throws IOException {
        final Path file = folder.resolve("packets.pcapng");
        final CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> CaptureFile.capture(
            director.socket(), new ByteArrayInputStream(new byte[0]),
            List.of("capture", "-w", file.toString(), "--count", "2"), 80));
        final Capture capture = awaitCapture();
        offer(capture, 1, Side.BEFORE, 0, SYN, Counter.SENT_TO_REAL_SERVER);
        offer(capture, 1, Side.AFTER, 1, SYN, Counter.SENT_TO_REAL_SERVER);
        offer(capture, 2, Side.BEFORE, 0, SYN, Counter.DROP_TTL);
        leave();
        assertEquals(0, exit.orTimeout(60, TimeUnit.SECONDS).join());
        final byte[] bytes = Files.readAllBytes(file);
        final PcapngBlocks blocks = PcapngBlocks.of(bytes, bytes.length);
        assertEquals(List.of("front", "back"), blocks.interfaces());
        assertEquals("ringmaster capture -w " + file + " --count 2", blocks.comment());
        assertEquals(List.of("packet 1 before: TCP 10.0.0.1:80; sent-to-real-server (packets of clients sent to a real "
            + "server)", "packet 1 after: TCP 10.0.0.1:80; sent-to-real-server (packets of clients sent to a real "
            + "server)", "packet 2 before: TCP 10.0.0.1:80; dropped: ttl (" + Counter.DROP_TTL.meaning() + ")"),
            blocks.packets().stream().map(PcapngBlocks.Packet::comment).toList());
        assertArrayEquals(SYN, blocks.packets().get(2).bytes());
        assertEquals(List.of(1, 2, 1), blocks.packets().stream().map(PcapngBlocks.Packet::flags).toList());
        assertEquals(List.of(1L, 1L, 2L), blocks.packets().stream().map(PcapngBlocks.Packet::number).toList());
        assertEquals(List.of(0L, 0L), blocks.dropped());
    }

    @Test
    void whereTheFileCannotBeNothingBegins(@TempDir final Path folder) {
        final List<String> args = List.of("capture", "-w", folder.resolve("none").resolve("file").toString());
        assertEquals(1, CaptureFile.capture(director.socket(), new ByteArrayInputStream(new byte[0]), args, 0));
        assertEquals(1, CaptureFile.capture(director.socket(), new ByteArrayInputStream(new byte[0]),
            List.of("capture", "-w" + folder), 0));
        assertEquals(0, director.captures().running().length);
    }

    @Test
    void fileNamesAreReadAsPicocliReadsThem() {
        assertEquals("a", CaptureFile.name(List.of("capture", "--count", "1", "-w", "a")));
        assertEquals("a", CaptureFile.name(List.of("capture", "-w=a", "--json")));
        assertEquals("a", CaptureFile.name(List.of("capture", "-wa")));
        assertEquals(null, CaptureFile.name(List.of("capture", "--count", "1")));
        assertEquals(null, CaptureFile.name(List.of("capture", "-w")));
    }

    @Test
    void bytesAreNotForTerminals() {
        final ServedDirector.Answer said = director.run("", 80, "capture", "-w", "-");
        assertEquals(2, said.exit());
        assertTrue(said.err().startsWith("-w - writes bytes that no terminal can show; "), said::err);
    }

    @Test
    void aFifthOneIsRefused() {
        for (int i = 0; i < Captures.MOST; i++) {
            director.captures().begin(CaptureFilter.everything()).orElseThrow();
        }
        assertEquals(new ServedDirector.Answer(1, "",
            "There are 4 captures already, the most at once; try again when one has ended.\n"),
            director.run("capture"));
    }

    @Test
    void eventsTellBeginAndEndWithTheUser() {
        final CompletableFuture<ServedDirector.Answer> events =
            CompletableFuture.supplyAsync(() -> director.run("events", "--count", "2"));
        await(() -> director.table().access().events().heard());
        director.callers(new Caller("anna", 1000, true));
        assertEquals(0, director.run("capture", "--seconds", "0.1").exit());
        // The time of day stands first.
        assertEquals(List.of("capture: user 1000 (anna): capture --seconds 0.1 began",
            "capture: user 1000 (anna): capture --seconds 0.1 ended: 0 packets captured (0 records), 0 not taken "
            + "because the ring was full."),
            of(events).out().lines().map(line -> line.substring(line.indexOf("capture: "))).toList());
        assertEquals(0, director.captures().running().length);
    }

    @Test
    void packetsArePrivate() {
        director.callers(new Caller("bert", 1001, false));
        final ServedDirector.Answer said = director.run("capture", "--seconds", "0.1");
        assertEquals(3, said.exit());
        assertTrue(said.err().contains("user 1001 (bert)"), said::err);
    }
}
