package io.ringmaster.packet;

import io.ringmaster.conformance.FixtureSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What a real kernel did: a recording of frames sent to kernel IPVS under some rules, and of the frames that came out.
 *
 * @param name     of the recording, one of {@link FixtureSet#own}.
 * @param rules    the virtual services, as ipvsadm -S prints them.
 * @param exchanges frames in and out, in their order.
 */
public record FixtureFile(String name, String description, String rules, List<Exchange> exchanges) {
    /** Bytes of an outgoing frame that differ from run to run, such as an IP identification. */
    public record Span(int offset, int lengthBytes) { }

    /** A frame that came out, and which of its bytes mean nothing. */
    public record Out(byte[] frame, List<Span> ignored) {
        /** The frame in hex, with dots for what means nothing; of another frame of equal length too. */
        public String masked(final byte[] other) {
            final StringBuilder hex = new StringBuilder(HexFormat.of().formatHex(other));
            for (final Span span : ignored) {
                for (int i = span.offset; i < Math.min(span.offset + span.lengthBytes, other.length); i++) {
                    hex.replace(2 * i, 2 * i + 2, "..");
                }
            }
            return hex.toString();
        }
    }

    /** One frame sent, what it was for, and what came out because of it. */
    public record Exchange(int index, String note, String description, byte[] in, List<Out> out) {
        @Override
        public String toString() {
            return index + " " + note + ": " + description;
        }
    }

    /** Reads a recording from the test resources. */
    public static FixtureFile read(final String name) {
        final Map<?, ?> root = FixtureSet.own(name);
        return new FixtureFile(name, text(root, "description"), text(root, "rules"), exchanges(root));
    }

    private static List<Exchange> exchanges(final Map<?, ?> root) {
        final List<?> packets = (List<?>) root.get("packets");
        final List<?> results = (List<?>) root.get("results");
        final Map<?, ?> spans = (Map<?, ?>) root.get("volatile");
        final List<Exchange> exchanges = new ArrayList<>();
        for (final Object each : (List<?>) root.get("steps")) {
            final Map<?, ?> step = (Map<?, ?>) each;
            if (!"send".equals(step.get("op"))) {
                continue;
            }
            final List<Out> out = new ArrayList<>();
            for (final Object result : (List<?>) step.get("results")) {
                final int number = number(result);
                out.add(new Out(frame(results.get(number)), ignored(spans.get(String.valueOf(number)))));
            }
            final byte[] in = frame(packets.get(number(step.get("packet"))));
            exchanges.add(new Exchange(exchanges.size(), text(step, "note"), text(step, "desc"), in, out));
        }
        return exchanges;
    }

    private static List<Span> ignored(final Object spans) {
        final List<Span> result = new ArrayList<>();
        for (final Object each : spans == null ? List.of() : (List<?>) spans) {
            final List<?> span = (List<?>) each;
            result.add(new Span(number(span.get(0)), number(span.get(1))));
        }
        return result;
    }

    private static byte[] frame(final Object hex) {
        return HexFormat.of().parseHex((String) hex);
    }

    private static int number(final Object value) {
        return ((Number) value).intValue();
    }

    private static String text(final Map<?, ?> map, final String key) {
        return String.valueOf(map.get(key));
    }

    @Override
    public String toString() {
        return name + " " + Arrays.asList(rules);
    }
}
