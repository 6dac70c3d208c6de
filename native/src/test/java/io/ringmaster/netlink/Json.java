package io.ringmaster.netlink;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what {@code ip -j} prints: objects as Map, arrays as List, numbers as Long, all else as String. */
final class Json {
    private final String text;
    private int at;

    private Json(final String text) {
        this.text = text;
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> objects(final String text) {
        return text.isBlank() ? List.of() : (List<Map<String, Object>>) new Json(text).value();
    }

    private Object value() {
        return switch (peek()) {
            case '[' -> list();
            case '{' -> map();
            case '"' -> string();
            default -> bare();
        };
    }

    private List<Object> list() {
        final List<Object> list = new ArrayList<>();
        at++;
        while (peek() != ']') {
            list.add(value());
            skip(',');
        }
        at++;
        return list;
    }

    private Map<String, Object> map() {
        final Map<String, Object> map = new LinkedHashMap<>();
        at++;
        while (peek() != '}') {
            final String key = peek() == '"' ? string() : "";
            skip(':');
            if (!key.isEmpty()) {
                map.put(key, value());
            }
            skip(',');
        }
        at++;
        return map;
    }

    private String string() {
        final int end = text.indexOf('"', at + 1);
        final String string = text.substring(at + 1, end);
        at = end + 1;
        return string;
    }

    private Object bare() {
        final int start = at;
        while (",]}".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        final String word = text.substring(start, at).strip();
        return word.matches("-?[0-9]+") ? (Object) Long.valueOf(word) : word;
    }

    private char peek() {
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return text.charAt(at);
    }

    private void skip(final char optional) {
        if (peek() == optional) {
            at++;
        }
    }
}
