package io.ringmaster.bench.chart;

import io.ringmaster.bench.report.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One bar of the chart: how many times as good as its peer something was.
 *
 * @param name   what was run.
 * @param peer   what it was compared with.
 * @param ratio  median.
 * @param lower  quartile.
 * @param upper  quartile.
 * @param honest whether the run believed itself.
 */
record Bar(String name, String peer, double ratio, double lower, double upper, boolean honest) {
    private static final String RATIO = "ratioToPeer";
    private static final long M = 1_000_000;
    private static final long K = 1_000;
    private static final double LEAST_FRAME_BYTES = 64;

    /** All bars of one result: of the run itself, and of each object below it that has a ratio. */
    static List<Bar> of(final Map<String, Object> result) {
        final List<Bar> bars = new ArrayList<>();
        final String name = name(result);
        final String what = result.get("ratioOf") instanceof final String of ? ", " + of : "";
        collect(result, name, what, !Boolean.FALSE.equals(result.get("honest")), bars);
        return bars;
    }

    private static void collect(final Map<String, Object> object, final String name, final String ratioOf,
                                final boolean honest, final List<Bar> bars) {
        final double ratio = Json.number(object, RATIO);
        if (Double.isFinite(ratio) && ratio >= 0) {
            final double lower = Json.number(object, "ratioToPeerRange.lowerQuartile");
            final double upper = Json.number(object, "ratioToPeerRange.upperQuartile");
            bars.add(new Bar(name + ratioOf, String.valueOf(object.getOrDefault("peer", "peer")), ratio,
                Double.isFinite(lower) ? lower : ratio, Double.isFinite(upper) ? upper : ratio, honest));
        }
        object.forEach((key, inner) -> descend(key, inner, name, honest, bars));
    }

    @SuppressWarnings("unchecked")
    private static void descend(final String key, final Object inner, final String name, final boolean honest,
                                final List<Bar> bars) {
        if (inner instanceof Map<?, ?>) {
            collect((Map<String, Object>) inner, name + ", " + key, "", honest, bars);
        } else if (inner instanceof final List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                descend(key + " " + (i + 1), list.get(i), name, honest, bars);
            }
        }
    }

    private static String name(final Map<String, Object> result) {
        final StringBuilder name = new StringBuilder(String.valueOf(result.getOrDefault("bench", "run")));
        if (result.get("scenario") instanceof final String scenario && !scenario.equals("known")) {
            name.append(' ').append(scenario);
        }
        if (result.get("form") instanceof final String form && !form.equals("narrow")) {
            name.append(' ').append(form);
        }
        if (result.get("method") instanceof final String method) {
            name.append(' ').append(method.toUpperCase(Locale.ROOT));
        }
        if (result.get("connections") instanceof final Long connections) {
            name.append(' ').append(connections % M == 0 ? connections / M + " M"
                : connections % K == 0 ? connections / K + " k" : connections);
        }
        if (result.get("workers") instanceof final Long workers && workers > 1) {
            name.append(", ").append(workers).append(" workers");
        }
        final double sizeBytes = Json.number(result, "sizeBytes");
        if (sizeBytes > LEAST_FRAME_BYTES) {
            name.append(String.format(Locale.ROOT, ", %.0f bytes", sizeBytes));
        }
        final double newShare = Json.number(result, "newShare");
        if (newShare > 0) {
            name.append(String.format(Locale.ROOT, ", %.0f %% new", newShare * 100));
        }
        return name.toString();
    }
}
