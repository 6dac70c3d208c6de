package io.ringmaster.conformance;

import io.ringmaster.conformance.Fixture.Connection;
import io.ringmaster.conformance.Fixture.Listed;
import io.ringmaster.conformance.Fixture.Out;
import io.ringmaster.conformance.Fixture.Sequence;
import io.ringmaster.conformance.Fixture.Span;
import io.ringmaster.conformance.Fixture.Step;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Makes a {@link Fixture} of a recording's JSON. */
final class FixtureReader {
    private final Map<?, ?> root;

    private FixtureReader(final Map<?, ?> root) {
        this.root = root;
    }

    /** Reads one; throws {@link RuntimeException} where the file is of another form. */
    static Fixture read(final String name, final Map<?, ?> root) {
        final FixtureReader reader = new FixtureReader(root);
        final List<Step> steps = new ArrayList<>();
        for (final Object step : list(root.get("steps"))) {
            steps.add(reader.step((Map<?, ?>) step));
        }
        return new Fixture(name, reader.mtuBytes(), steps, reader.sequences(),
            list(root.get("notes")).stream().map(String.class::cast).toList());
    }

    private int[] mtuBytes() {
        final int first = number(root.get("mtu"));
        return "two".equals(root.get("topology")) ? new int[] {first, number(root.get("mtu_vec1"))}
            : new int[] {first};
    }

    private List<Sequence> sequences() {
        final List<Sequence> sequences = new ArrayList<>();
        for (final Object each : list(root.get("matrix"))) {
            sequences.add(new Sequence((String) list(each).get(0), (String) list(each).get(1)));
        }
        return sequences;
    }

    private Step step(final Map<?, ?> step) {
        final String op = (String) step.get("op");
        return switch (op) {
            case "restore" -> new Fixture.Restore((String) step.get("rules"), (Boolean) step.get("append"),
                number(step.get("rc")), text(step, "out"));
            case "cmd" -> new Fixture.Command((String) step.get("cmd"), number(step.get("rc")), text(step, "out"));
            case "table" -> new Fixture.Command((String) step.get("cmd"), null, text(step, "out"));
            case "sysctl" -> new Fixture.Sysctl((String) step.get("key"), text(step, "value"),
                number(step.get("rc")));
            case "sleep" -> new Fixture.Sleep(((Number) step.get("seconds")).doubleValue());
            case "send" -> send(step);
            case "late" -> new Fixture.Late(out(list(step.get("results"))));
            case "conns" -> new Fixture.Connections(list(step.get("conns")).stream()
                .map(each -> listed((Map<?, ?>) each)).toList());
            default -> throw new IllegalArgumentException("a step of an unknown kind, \"" + op + "\"");
        };
    }

    private Step send(final Map<?, ?> step) {
        final int packet = number(step.get("packet"));
        final Object port = step.get("if");
        return new Fixture.Send(port == null ? 0 : number(port), frame(list(root.get("packets")).get(packet)),
            text(step, "note"), Boolean.TRUE.equals(step.get("checksum_partial")), out(list(step.get("results"))));
    }

    private List<Out> out(final List<?> numbers) {
        final List<Out> out = new ArrayList<>();
        final List<?> ports = list(root.get("result_ifs"));
        for (final Object each : numbers) {
            final int number = number(each);
            out.add(new Out(ports.isEmpty() ? 0 : number(ports.get(number)),
                frame(list(root.get("results")).get(number)), ignored(number)));
        }
        return out;
    }

    private List<Span> ignored(final int result) {
        final Map<?, ?> all = (Map<?, ?>) root.get("volatile");
        return list(all == null ? null : all.get(String.valueOf(result))).stream()
            .map(span -> new Span(number(list(span).get(0)), number(list(span).get(1)))).toList();
    }

    private static Listed listed(final Map<?, ?> line) {
        return new Listed(new Connection(text(line, "proto"), text(line, "state"), text(line, "source"),
            text(line, "virtual"), text(line, "destination"), text(line, "pe")), number(line.get("expire")));
    }

    private static byte[] frame(final Object hex) {
        return HexFormat.of().parseHex((String) hex);
    }

    private static List<?> list(final Object value) {
        return value == null ? List.of() : (List<?>) value;
    }

    private static int number(final Object value) {
        return ((Number) value).intValue();
    }

    private static String text(final Map<?, ?> map, final String key) {
        final Object value = map.get(key);
        return value == null ? "" : value.toString();
    }
}
