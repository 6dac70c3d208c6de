package io.ringmaster.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads results that a run wrote, in this version or another. */
public final class Json {
    private Json() {
    }

    /**
     * The object of a file: Map, List, String, Long, Double, Boolean, null.
     *
     * @throws IOException if it cannot be read or is no JSON object; the message says where.
     */
    public static Map<String, Object> read(final Path file) throws IOException {
        return read(new JsonFactory().createParser(file.toFile()));
    }

    /** The object in some bytes; see {@link #read(Path)}. */
    public static Map<String, Object> read(final byte[] bytes) throws IOException {
        return read(new JsonFactory().createParser(bytes));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> read(final JsonParser opened) throws IOException {
        try (JsonParser parser = opened) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it does not begin with {");
            }
            return (Map<String, Object>) value(parser);
        }
    }

    private static Object value(final JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                final Map<String, Object> fields = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    final String name = parser.currentName();
                    parser.nextToken();
                    fields.put(name, value(parser));
                }
                yield fields;
            }
            case START_ARRAY -> {
                final List<Object> values = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    values.add(value(parser));
                }
                yield values;
            }
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    /**
     * A number by the names that lead to it.
     *
     * @param path names joined by dots: nsPerPacket.median.
     * @return not a number if there is none.
     */
    public static double number(final Map<String, Object> object, final String path) {
        Object at = object;
        for (final String name : path.split("\\.")) {
            at = at instanceof final Map<?, ?> map ? map.get(name) : null;
        }
        return at instanceof final Number number ? number.doubleValue() : Double.NaN;
    }
}
