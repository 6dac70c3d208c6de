package io.ringmaster.bench.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.ringmaster.demo.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Short runs of the measurements over veth: what they find is not judged, only that they find it and leave nothing. */
class OverVethIT {
    private static final int LONGEST_START_SEC = 120;

    @TempDir
    private Path folder;

    /** Every value, with the names on its way: peerSide.mpps. */
    private static Map<String, String> json(final Path file) throws IOException {
        final Map<String, String> values = new HashMap<>();
        try (JsonParser json = new JsonFactory().createParser(Files.readString(file))) {
            while (json.nextToken() != null) {
                if (json.currentToken().isScalarValue()) {
                    values.put(json.getParsingContext().pathAsPointer().toString().substring(1).replace('/', '.'),
                        json.getText());
                }
            }
        }
        return values;
    }

    private static double number(final Map<String, String> values, final String name) {
        assertTrue(values.containsKey(name), () -> name + " is missing in " + values);
        return Double.parseDouble(values.get(name));
    }

    private static String conntrack() throws IOException {
        final Path settings = Path.of("/proc/sys/net/netfilter");
        return Files.readAllLines(settings.resolve("nf_conntrack_max")) + " "
            + Files.readAllLines(settings.resolve("nf_conntrack_buckets"));
    }

    @ParameterizedTest
    @CsvSource({"nat, c", "dr, kernel", "tun, nftables"})
    void forwardWithEachPeer(final String method, final String peer) throws Exception {
        BenchProcess.require("cc", "nft");
        final String before = conntrack();
        final Path file = folder.resolve("result.json");
        // More connections than the kernel tracks unless it is told to.
        final BenchProcess bench = new BenchProcess(folder, "forward", "--method", method, "--peer", peer, "--seconds",
            "1", "--rounds", "3", "--flows", peer.equals("nftables") ? "300k" : "10k", "--json", file.toString());
        assertEquals(0, bench.end(), bench::said);
        assertEquals(before, conntrack());
        final Map<String, String> found = json(file);
        assertEquals("forward", found.get("bench"));
        assertEquals(method, found.get("method"));
        assertEquals(peer, found.get("peer"));
        assertEquals("3", found.get("rounds"));
        assertTrue(number(found, "mpps") > 0 && number(found, "peerSide.mpps") > 0, bench::said);
        assertTrue(number(found, "packetsCame") <= number(found, "packetsTaken"), bench::said);
        assertTrue(number(found, "packetsTaken") <= number(found, "packetsSent"), bench::said);
        assertTrue(number(found, "ratioToPeer") > 0);
        assertEquals(number(found, "ratioToPeer"), number(found, "ratioToPeerRange.median"));
        assertTrue(number(found, "nsPerPacket.min") <= number(found, "nsPerPacket.median"));
        assertEquals(3, number(found, "peerNsPerPacket.rounds"));
        assertEquals("true".equals(found.get("honest")), !found.containsKey("doubts"));
        assertTrue(number(found, "machine.cores") >= 2);
        assertTrue(List.of("forwarder", "generator", "sink").contains(found.get("limit")), found.get("limit"));
        assertTrue(bench.said().contains("speed, of peer's"), bench::said);
    }

    @Test
    void latencyBesideC() throws Exception {
        BenchProcess.require("cc");
        final Path file = folder.resolve("result.json");
        final BenchProcess bench = new BenchProcess(folder, "latency", "--rate", "2k", "--seconds", "2", "--rounds",
            "4", "--peer", "c", "--json", file.toString(), "--hgrm", folder.resolve("result.hgrm").toString());
        assertEquals(0, bench.end(), bench::said);
        final Map<String, String> found = json(file);
        assertEquals("latency", found.get("bench"));
        assertEquals(4_000, number(found, "packetsSent"));
        assertEquals("c", found.get("peer"));
        for (final String percentile : List.of("p50", "p90", "p99", "p999", "p9999", "max")) {
            assertTrue(number(found, "latencyUs." + percentile + ".median") > 0);
            assertTrue(number(found, "peerSide.latencyUs." + percentile + ".median") > 0);
            assertTrue(number(found, "latencyRatio." + percentile + ".median") > 0);
        }
        assertTrue(number(found, "ratioToPeer") > 0 && number(found, "p999.ratioToPeer") > 0);
        for (final String name : List.of("result.hgrm", "result-c.hgrm")) {
            final String percentiles = Files.readString(folder.resolve(name));
            assertTrue(percentiles.contains("Percentile") && percentiles.contains("Total count"), percentiles);
        }
    }

    @ParameterizedTest
    @CsvSource({"forward", "latency"})
    void nothingIsLeftAfterCtrlC(final String command) throws Exception {
        BenchProcess.require("cc");
        final BenchProcess bench = new BenchProcess(folder, command, "--peer", "c", "--seconds", "60");
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_START_SEC);
        // Both networks are there: the director runs in the first, the peer is about to in the second.
        while (bench.namespaces().size() < 6 && bench.process().isAlive() && System.nanoTime() < deadlineNs) {
            Thread.sleep(20);
        }
        final List<ProcessHandle> children = bench.process().descendants().toList();
        assertFalse(children.isEmpty(), bench::said);
        // To it alone: a terminal would tell its children as well.
        Commands.run("sh", "-c", "kill -INT " + bench.process().pid());
        assertEquals(130, bench.end(), bench::said);
        assertTrue(bench.said().contains("told to end"), bench::said);
        for (final ProcessHandle child : children) {
            child.onExit().get(LONGEST_START_SEC, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "forward --size 63 | --size 63 is not possible; give 64 to 1518",
        "forward --seconds 0 | --seconds 0 is not possible",
        "forward --rounds 2 | --rounds 2 tell nothing of a spread",
        "forward --seconds 1 --rounds 10 | last less than 0.2 seconds each",
        "forward --flows 17m | --flows 17m is not possible",
        "forward --flows many | --flows many is no number",
        "forward --method gre | --method gre is not one; give nat, dr or tun",
        "forward --peer dpdk | --peer dpdk is not there; give c, kernel, nftables",
        "forward --cpu 8191 | --cpu 8191 is not there",
        "forward --cpu 0 --load-cpu 0 | the director and the load need a core each",
        "forward --json nowhere/file | --json nowhere/file lies in no folder that is there",
        "latency --rate 99 | --rate 99 is not possible; give 100 to 1000000",
        "latency --rate 1m --seconds 3600 | 100 to 16777216 are possible",
        "latency --hgrm nowhere/file | --hgrm nowhere/file lies in no folder that is there",
        "latency --idle doze | --idle doze is not one",
    })
    void whatCannotBeIsRefusedBeforeAnythingStarts(final String words, final String sentence) throws Exception {
        final BenchProcess bench = new BenchProcess(folder, words.split(" "));
        assertEquals(2, bench.end(), bench::said);
        assertTrue(bench.said().contains(sentence), bench::said);
        assertFalse(bench.said().contains("warming up") || bench.said().contains("Exception"), bench::said);
    }
}
