package io.ringmaster.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Requests and replies as lines of JSON. */
public final class Messages {
    /** Longest request in bytes; also the most standard input in characters that a command gets whole. */
    public static final int LONGEST_REQUEST_BYTES = 16 << 20;
    /** The version of these messages; requests name it. */
    public static final int VERSION = 1;
    private static final byte[] NEWLINE_END = "\"}\n".getBytes(StandardCharsets.UTF_8);
    private static final int LONGEST_STOP_BYTES = 32;
    private static final int MOST_ARGS = 4096;
    private static final int DEEPEST = 8;
    private static final byte[] NOTHING = {};
    private static final JsonFactory JSON = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(LONGEST_REQUEST_BYTES)
            .maxNestingDepth(DEEPEST).build()).build();

    private Messages() {
    }

    /**
     * Reads a request.
     *
     * @throws IOException with a sentence, if it is none. Fields that are not known are passed over.
     */
    static Request readRequest(final byte[] line, final int offset, final int lengthBytes, final Caller caller)
        throws IOException {
        final List<String> args = new ArrayList<>();
        String stdin = null;
        long version = -1;
        int columns = 0;
        boolean terminal = false;
        try (JsonParser json = JSON.createParser(line, offset, lengthBytes)) {
            expect(json.nextToken() == JsonToken.START_OBJECT, "it is not a JSON object");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                final String field = json.currentName();
                final JsonToken value = json.nextToken();
                switch (field) {
                    case "version" -> {
                        expect(value == JsonToken.VALUE_NUMBER_INT, "version is not a number");
                        version = json.getLongValue();
                    }
                    case "args" -> readArgs(json, args);
                    case "stdin" -> {
                        expect(value == JsonToken.VALUE_STRING, "stdin is not a string");
                        stdin = json.getText();
                    }
                    case "columns" -> {
                        expect(value == JsonToken.VALUE_NUMBER_INT, "columns is not a number");
                        columns = Math.clamp(json.getLongValue(), 0, Short.MAX_VALUE);
                    }
                    case "terminal" -> {
                        expect(value.isBoolean(), "terminal is neither true nor false");
                        terminal = json.getBooleanValue();
                    }
                    default -> json.skipChildren();
                }
            }
            expect(json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null,
                "something stands behind the JSON object");
        }
        expect(!args.isEmpty(), "args is missing or empty");
        if (version != VERSION) {
            throw new OtherVersionException(version);
        }
        return new Request(args, stdin, columns, terminal, caller);
    }

    /** A request of another version of these messages: it would be misunderstood. */
    static final class OtherVersionException extends IOException {
        private static final long serialVersionUID = 1;

        OtherVersionException(final long version) {
            super("This director speaks version " + VERSION + " of the control protocol, and this program "
                + (version < 0 ? "names none" : "version " + version) + "; use the ringmaster that the director was "
                + "started by.");
        }
    }

    /**
     * Reads what a client says while its command runs: {@code {"stdin":"text"}}, {@code {"stdin":null}} at the end of
     * its standard input, or {@code {}} to show that it is still there.
     *
     * @return the text, or null for the end; empty for no news.
     * @throws IOException with a sentence, if it is neither.
     */
    static Optional<Stdin> readStdin(final byte[] line, final int lengthBytes) throws IOException {
        Stdin read = null;
        try (JsonParser json = JSON.createParser(line, 0, lengthBytes)) {
            expect(json.nextToken() == JsonToken.START_OBJECT, "it is not a JSON object");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                expect(json.currentName().equals("stdin"), "standard input was asked for");
                final JsonToken value = json.nextToken();
                expect(value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NULL, "stdin is no string");
                read = new Stdin(value == JsonToken.VALUE_NULL ? null : json.getText());
            }
            expect(json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null,
                "something stands behind the JSON object");
        }
        return Optional.ofNullable(read);
    }

    /** Some standard input; null for its end. */
    record Stdin(String text) {
    }

    /** Whether a client asks its command to come to an end: {@code {"stop":true}}. */
    static boolean asksToStop(final byte[] line, final int lengthBytes) {
        return lengthBytes <= LONGEST_STOP_BYTES && new String(line, 0, lengthBytes, StandardCharsets.UTF_8)
            .replaceAll("\\s", "").equals("{\"stop\":true}");
    }

    private static void readArgs(final JsonParser json, final List<String> args) throws IOException {
        expect(json.currentToken() == JsonToken.START_ARRAY, "args is not an array");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken() == JsonToken.VALUE_STRING, "args has something else than strings");
            expect(args.size() < MOST_ARGS, "args has more than " + MOST_ARGS + " strings");
            args.add(json.getText());
        }
    }

    private static void expect(final boolean so, final String otherwise) throws IOException {
        if (!so) {
            throw new IOException(otherwise);
        }
    }

    /** The last line of a reply. */
    static byte[] line(final Reply reply) {
        return joined(joined("{\"exit\":" + reply.exit() + ",\"out\":\"", escaped(reply.out()), NOTHING),
            joined("\",\"err\":\"", escaped(reply.err()), NEWLINE_END));
    }

    /** The last line of a command whose output was sent before. */
    public static byte[] end(final int exit) {
        return ("{\"exit\":" + exit + "}\n").getBytes(StandardCharsets.UTF_8);
    }

    /** A piece of a command's standard output. */
    public static byte[] output(final String text) {
        return joined("{\"out\":\"", escaped(text), NEWLINE_END);
    }

    /** A piece of a command's standard error. */
    public static byte[] warning(final String text) {
        return joined("{\"err\":\"", escaped(text), NEWLINE_END);
    }

    /** A piece of a command's standard output that need not be text: base64 (RFC 4648). */
    public static byte[] bytes(final byte[] bytes, final int offset, final int lengthBytes) {
        return joined("{\"bytes\":\"",
            Base64.getEncoder().encode(Arrays.copyOfRange(bytes, offset, offset + lengthBytes)), NEWLINE_END);
    }

    /** How far the command is. */
    public static byte[] progress(final String text) {
        return joined("{\"progress\":\"", escaped(text), NEWLINE_END);
    }

    /** Asks the client for some of its standard input. */
    static byte[] wantStdin() {
        return "{\"want\":\"stdin\"}\n".getBytes(StandardCharsets.UTF_8);
    }

    /** Says nothing; shows that the director is there, and that the client is. */
    static byte[] nothing() {
        return "{}\n".getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] escaped(final String text) {
        try {
            return JsonStringEncoder.getInstance().quoteAsUTF8(text);
        } catch (final IllegalArgumentException e) {
            // A client can send half a surrogate pair as an escape; alone it has no UTF-8, which puts "?" in its place.
            return JsonStringEncoder.getInstance()
                .quoteAsUTF8(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        }
    }

    private static byte[] joined(final byte[] first, final byte[] second) {
        return joined("", first, second);
    }

    private static byte[] joined(final String start, final byte[] middle, final byte[] end) {
        final ByteArrayOutputStream line = new ByteArrayOutputStream(start.length() + middle.length + end.length);
        line.writeBytes(start.getBytes(StandardCharsets.UTF_8));
        line.writeBytes(middle);
        line.writeBytes(end);
        return line.toByteArray();
    }
}
