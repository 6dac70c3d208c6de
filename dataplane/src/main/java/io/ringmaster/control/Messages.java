package io.ringmaster.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Requests and replies as lines of JSON. */
public final class Messages {
    /** Longest request in bytes. */
    public static final int LONGEST_REQUEST_BYTES = 16 << 20;
    private static final int MOST_ARGS = 4096;
    private static final int DEEPEST = 8;
    private static final byte[] NOTHING = {};
    private static final JsonFactory JSON = JsonFactory.builder().streamReadConstraints(StreamReadConstraints.builder()
        .maxStringLength(LONGEST_REQUEST_BYTES).maxNestingDepth(DEEPEST).build()).build();

    private Messages() {
    }

    /**
     * Reads a request.
     *
     * @throws IOException with a sentence, if it is none. Fields that are not known are passed over.
     */
    static Request readRequest(final byte[] line, final int offset, final int lengthBytes) throws IOException {
        final List<String> args = new ArrayList<>();
        String stdin = "";
        int columns = 0;
        boolean terminal = false;
        try (JsonParser json = JSON.createParser(line, offset, lengthBytes)) {
            expect(json.nextToken() == JsonToken.START_OBJECT, "it is not a JSON object");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                final String field = json.currentName();
                final JsonToken value = json.nextToken();
                switch (field) {
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
        return new Request(args, stdin, columns, terminal);
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

    /** A reply that is made at once as one line. */
    static byte[] line(final Reply reply) {
        return joined("", head(reply), tail(reply));
    }

    /** The line of a reply up to the end of the first piece of its output. */
    static byte[] head(final Reply reply) {
        return joined("{\"exit\":" + reply.exit() + ",\"out\":\"", piece(reply.out()), NOTHING);
    }

    /** One more piece of a reply's output. */
    static byte[] piece(final String output) {
        return JsonStringEncoder.getInstance().quoteAsUTF8(output);
    }

    /** The line of a reply behind its output. */
    static byte[] tail(final Reply reply) {
        return joined("\",\"err\":\"", piece(reply.err()), "\"}\n".getBytes(StandardCharsets.UTF_8));
    }

    /** A line before the reply: how far the command is. */
    static byte[] progress(final String text) {
        return joined("{\"progress\":\"", piece(text), "\"}\n".getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] joined(final String start, final byte[] middle, final byte[] end) {
        final ByteArrayOutputStream line = new ByteArrayOutputStream(start.length() + middle.length + end.length);
        line.writeBytes(start.getBytes(StandardCharsets.UTF_8));
        line.writeBytes(middle);
        line.writeBytes(end);
        return line.toByteArray();
    }
}
