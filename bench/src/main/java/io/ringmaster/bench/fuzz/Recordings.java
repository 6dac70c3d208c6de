package io.ringmaster.bench.fuzz;

import io.ringmaster.bench.fuzz.Recording.Command;
import io.ringmaster.bench.fuzz.Recording.Frame;
import io.ringmaster.bench.fuzz.Recording.Pause;
import io.ringmaster.bench.fuzz.Recording.Step;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The project's recordings of a real kernel, which are the conformance suite's, and one scenario more, whose rules are
 * of all kinds at once ({@code fuzz/rules.txt}) and whose frames are all of them.
 */
final class Recordings {
    static final String ALL_KINDS = "all-kinds";
    private static final String RECORDED = "/conformance/fixtures.zip";
    private static final String RULES = "/fuzz/rules.txt";
    private static final String JSON = ".json";
    private static final int MTU_BYTES = 1500;
    private static final int FRAMES_OF_EACH = 40;
    private static final Pattern MARK = Pattern.compile("iptables-legacy -t mangle -A PREROUTING -d (\\S+)"
        + "(?: -p (\\S+) --dport (\\d+))? -j MARK --set-mark (\\d+).*");

    private Recordings() {
    }

    /**
     * All of them, by name.
     *
     * @throws BenchException if this build has none.
     */
    static List<Recording> all() {
        final Map<String, Recording> all = new TreeMap<>();
        try (InputStream in = Recordings.class.getResourceAsStream(RECORDED)) {
            if (in == null) {
                throw new BenchException("This build has no recordings to begin with: " + RECORDED + " is missing.");
            }
            final ZipInputStream zip = new ZipInputStream(in);
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(JSON)) {
                    final Recording recording = read(Json.read(zip.readAllBytes()));
                    all.put(recording.name(), recording);
                }
            }
            all.put(ALL_KINDS, allKinds(all.values()));
        } catch (final IOException e) {
            throw new BenchException("The recordings cannot be read (" + e.getMessage() + ").", e);
        }
        return List.copyOf(all.values());
    }

    private static Recording allKinds(final Iterable<Recording> recorded) throws IOException {
        final List<Step> steps = new ArrayList<>();
        try (BufferedReader rules = new BufferedReader(new InputStreamReader(
            Recordings.class.getResourceAsStream(RULES), StandardCharsets.UTF_8))) {
            rules.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(line -> steps.add(new Command(List.of(line.split("\\s+")), "")));
        }
        final List<Frame> frames = new ArrayList<>();
        for (final Recording recording : recorded) {
            final List<Frame> some = recording.frames();
            frames.addAll(some.subList(0, Math.min(some.size(), FRAMES_OF_EACH)));
        }
        steps.addAll(frames);
        return new Recording(ALL_KINDS, new int[] {MTU_BYTES, MTU_BYTES}, steps, frames);
    }

    private static Recording read(final Map<String, Object> root) {
        final List<Step> steps = new ArrayList<>();
        final List<Frame> frames = new ArrayList<>();
        final List<?> packets = (List<?>) root.get("packets");
        for (final Object each : (List<?>) root.get("steps")) {
            final Map<?, ?> step = (Map<?, ?>) each;
            switch ((String) step.get("op")) {
                case "restore" -> step.get("rules").toString().lines().forEach(line -> steps.add(ipvsadm(line)));
                case "cmd" -> command((String) step.get("cmd"), steps);
                case "sysctl" -> steps.add(new Command(List.of("sysctl", step.get("key") + "=" + step.get("value")),
                    ""));
                case "sleep" -> steps.add(new Pause((long) (((Number) step.get("seconds")).doubleValue() * 1000)));
                case "send" -> {
                    final Object port = step.get("if");
                    final Frame frame = new Frame(port == null ? 0 : ((Number) port).intValue(),
                        HexFormat.of().parseHex((String) packets.get(((Number) step.get("packet")).intValue())));
                    frames.add(frame);
                    steps.add(frame);
                }
                default -> { }
            }
        }
        final int first = ((Number) root.get("mtu")).intValue();
        final int[] mtuBytes = "two".equals(root.get("topology"))
            ? new int[] {first, ((Number) root.get("mtu_vec1")).intValue()} : new int[] {first};
        return new Recording((String) root.get("name"), mtuBytes, steps, frames);
    }

    private static Command ipvsadm(final String line) {
        final List<String> words = new ArrayList<>(List.of(line.strip().split("\\s+")));
        if (!words.getFirst().equals("ipvsadm")) {
            words.addFirst("ipvsadm");
        }
        return new Command(words, "");
    }

    private static void command(final String line, final List<Step> steps) {
        final Matcher mark = MARK.matcher(line);
        if (line.startsWith("ipvsadm")) {
            steps.add(ipvsadm(line));
        } else if (mark.matches()) {
            steps.add(new Command(List.of(("mark add --destination " + mark.group(1) + (mark.group(2) == null ? ""
                : " --protocol " + mark.group(2) + " --port " + mark.group(3)) + " --mark " + mark.group(4))
                .split(" ")), ""));
        }
    }
}
