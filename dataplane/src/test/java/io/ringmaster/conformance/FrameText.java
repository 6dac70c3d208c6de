package io.ringmaster.conformance;

import java.util.Map;
import java.util.Set;

/** A frame in a line, for people: what {@link FrameFields} says of it without what hardly ever matters. */
final class FrameText {
    private static final Set<String> LEFT_OUT = Set.of("eth.type", "header-bytes", "protocol", "next-header",
        "fragment-offset", "window", "urgent", "payload-length", "operation", "from-mac", "to-mac", "id", "options",
        "extension", "flow-label", "traffic-class", "tos", "length");

    private FrameText() {
    }

    static String of(final byte[] frame) {
        final StringBuilder text = new StringBuilder();
        for (final Map.Entry<String, String> field : FrameFields.of(frame).entrySet()) {
            final String name = field.getKey();
            final String last = name.substring(name.lastIndexOf('.') + 1);
            if (!LEFT_OUT.contains(last) && !LEFT_OUT.contains(name) && !last.startsWith("payload[")
                && !field.getValue().endsWith(" right") && !field.getValue().equals("none")) {
                text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(field.getValue());
            }
        }
        return text.toString();
    }
}
