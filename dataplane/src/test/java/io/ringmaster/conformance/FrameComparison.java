package io.ringmaster.conformance;

import io.ringmaster.conformance.Fixture.Out;
import io.ringmaster.conformance.Fixture.Span;
import io.ringmaster.director.ModelDirector.Sent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares the frames that left with those that should have: byte by byte, told field by field. */
final class FrameComparison {
    private FrameComparison() {
    }

    /** Lines about what differs; none if nothing does. */
    static List<String> compare(final List<Out> kernel, final List<Sent> ours) {
        final List<String> lines = new ArrayList<>();
        for (int i = 0; i < Math.max(kernel.size(), ours.size()); i++) {
            if (i >= ours.size()) {
                lines.add("missing  vec" + kernel.get(i).port() + " " + FrameText.of(kernel.get(i).frame()));
            } else if (i >= kernel.size()) {
                lines.add("too much vec" + ours.get(i).port() + " " + FrameText.of(ours.get(i).frame()));
            } else if (!same(kernel.get(i), ours.get(i))) {
                lines.add("kernel   vec" + kernel.get(i).port() + " " + FrameText.of(kernel.get(i).frame()));
                lines.addAll(fields(kernel.get(i), ours.get(i)));
            }
        }
        return lines;
    }

    static boolean same(final Out kernel, final Sent ours) {
        return kernel.port() == ours.port()
            && Arrays.equals(masked(kernel.frame(), kernel), masked(ours.frame(), kernel));
    }

    /** A copy with zeros where bytes mean nothing. */
    private static byte[] masked(final byte[] frame, final Out kernel) {
        final byte[] copy = frame.clone();
        for (final Span span : kernel.ignored()) {
            Arrays.fill(copy, Math.min(copy.length, span.offset()),
                Math.min(copy.length, span.offset() + span.lengthBytes()), (byte) 0);
        }
        return copy;
    }

    private static Set<String> headers(final Map<String, String> fields) {
        final Set<String> headers = new LinkedHashSet<>();
        fields.keySet().forEach(name -> headers.add(name.substring(0, name.lastIndexOf('.') + 1)));
        return headers;
    }

    private static List<String> fields(final Out kernel, final Sent ours) {
        final List<String> lines = new ArrayList<>();
        if (kernel.port() != ours.port()) {
            lines.add("  interface: kernel vec" + kernel.port() + ", ours vec" + ours.port());
        }
        final Map<String, String> wanted = FrameFields.of(masked(kernel.frame(), kernel));
        final Map<String, String> got = FrameFields.of(masked(ours.frame(), kernel));
        if (!headers(wanted).equals(headers(got))) {
            // Packets of another kind have no fields in common that would tell anything.
            lines.add("ours     vec" + ours.port() + " " + FrameText.of(ours.frame()));
            return lines;
        }
        final Set<String> names = new LinkedHashSet<>(wanted.keySet());
        names.addAll(got.keySet());
        for (final String name : names) {
            final String want = wanted.getOrDefault(name, "(absent)");
            final String have = got.getOrDefault(name, "(absent)");
            if (!want.equals(have)) {
                lines.add("  " + name + ": kernel " + want + ", ours " + have);
            }
        }
        return lines;
    }
}
