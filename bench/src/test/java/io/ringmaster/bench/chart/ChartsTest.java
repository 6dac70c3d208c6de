package io.ringmaster.bench.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Machine;
import io.ringmaster.bench.report.Results;
import io.ringmaster.bench.report.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ChartsTest {
    private static final Machine MACHINE = new Machine("Cpu <X> & \"Y\"", 2, "6.1", "VM 25", "", 0.5, 1024);

    @TempDir
    private Path folder;

    @Test
    void eachRatioIsABarOfItsLength() throws Exception {
        final Path first = folder.resolve("1.json");
        Results.of("pipeline", MACHINE).put("method", "nat").put("connections", 10_000_000L)
            .ratioToPeer("c", Samples.of(0.4, 0.5, 0.6)).honesty(0.01, "")
            .object("opening", opening -> opening.ratioToPeer("c", Samples.of(1))).write(first);
        final Path second = folder.resolve("2.json");
        Results.of("forward", MACHINE).ratioToPeer("nftables", Samples.of(1)).honesty(0.2, "No.").write(second);
        final Document picture = draw(first, second);
        final List<Element> bars = new ArrayList<>();
        final NodeList rects = picture.getElementsByTagName("rect");
        for (int i = 0; i < rects.getLength(); i++) {
            if (!((Element) rects.item(i)).getAttribute("class").isEmpty()) {
                bars.add((Element) rects.item(i));
            }
        }
        assertEquals(List.of("bar", "bar", "doubtful"), bars.stream().map(bar -> bar.getAttribute("class")).toList());
        assertEquals(0.5, width(bars.get(0)) / width(bars.get(1)), 0.01);
        assertEquals(width(bars.get(1)), width(bars.get(2)));
        final String words = picture.getDocumentElement().getTextContent();
        for (final String wanted : List.of("pipeline NAT 10 M", "pipeline NAT 10 M, opening", "against nftables",
            "0.50 (0.45 – 0.55)", "Cpu <X> & \"Y\", 2 cores", "Linux 6.1")) {
            assertTrue(words.contains(wanted), wanted + " in " + words);
        }
        assertEquals(0, picture.getElementsByTagName("script").getLength());
        assertTrue(words.contains("prefers-color-scheme: dark"));
    }

    private static double width(final Element bar) {
        return Double.parseDouble(bar.getAttribute("width"));
    }

    private Document draw(final Path... results) throws Exception {
        final Path picture = folder.resolve("chart.svg");
        Charts.write(picture, List.of(results));
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(picture.toFile());
    }

    @Test
    void aBarTellsWhatItsRatioIsOf() throws Exception {
        final Path latency = folder.resolve("latency.json");
        Results.of("latency", MACHINE).put("method", "dr").put("connections", 10_000L)
            .ratioToPeer("c", Samples.of(1)).put("ratioOf", "p50")
            .object("p999", tail -> tail.ratioToPeer("c", Samples.of(0.9))).write(latency);
        final Path table = folder.resolve("table.json");
        Results.of("table", MACHINE).put("form", "wide").put("connections", 1_000_000L)
            .object("hit", hit -> hit.ratioToPeer("c", Samples.of(1))).write(table);
        final Path forward = folder.resolve("forward.json");
        Results.of("forward", MACHINE).put("method", "tun").put("sizeBytes", 1_518)
            .ratioToPeer("kernel", Samples.of(0.3)).write(forward);
        final String words = draw(latency, table, forward).getDocumentElement().getTextContent();
        for (final String wanted : List.of("latency DR 10 k, p50\n", "latency DR 10 k, p999\n", "table wide 1 M, hit\n",
            "forward TUN, 1518 bytes\n")) {
            assertTrue(words.contains(wanted), wanted + " in " + words);
        }
    }

    @Test
    void resultsWithoutAPeerAreLeftOut() throws Exception {
        final Path alone = folder.resolve("alone.json");
        Results.of("jmh", MACHINE).nsPerPacket(Samples.of(1)).write(alone);
        final Path compared = folder.resolve("compared.json");
        Results.of("latency", MACHINE).ratioToPeer("c", Samples.of(1.2)).write(compared);
        final String words = draw(alone, compared).getDocumentElement().getTextContent();
        assertTrue(words.contains("latency"));
        assertFalse(words.contains("jmh"));
    }

    @Test
    void whatCannotBeDrawnIsRefusedInASentence() throws Exception {
        final Path picture = folder.resolve("chart.svg");
        final Path broken = Files.writeString(folder.resolve("broken.json"), "{\"bench\": ");
        final Path alone = folder.resolve("alone.json");
        Results.of("jmh", MACHINE).write(alone);
        for (final List<Path> wrong : List.of(List.<Path>of(), List.of(broken), List.of(folder.resolve("none.json")),
            List.of(alone))) {
            final BenchException refused = assertThrows(BenchException.class, () -> Charts.write(picture, wrong));
            assertTrue(refused.getMessage().length() > 20);
            assertEquals(2, refused.exitCode());
        }
        assertFalse(Files.exists(picture));
    }
}
