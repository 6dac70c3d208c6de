package io.ringmaster.cli;

import java.io.IOException;

/**
 * Reads the director's reply, {@code {"exit":0,"out":"...","err":"..."}}. By hand, because loading a JSON library would
 * take a third of the time that a command has; what it reads was written by the director of the same jar.
 */
final class ReplyReader {
    private final String text;
    private int at;
    private int exit = -1;
    private String out = "";
    private String err = "";

    private ReplyReader(final String text) {
        this.text = text;
    }

    /** Reads one line. */
    static ReplyReader of(final String line) throws IOException {
        final ReplyReader reader = new ReplyReader(line);
        try {
            reader.read();
        } catch (final IndexOutOfBoundsException | NumberFormatException e) {
            throw new IOException("it broke off or is no reply", e);
        }
        return reader;
    }

    int exit() {
        return exit;
    }

    String out() {
        return out;
    }

    String err() {
        return err;
    }

    private void read() throws IOException {
        take('{');
        char next;
        do {
            final String field = string();
            take(':');
            switch (field) {
                case "exit" -> exit = number();
                case "out" -> out = string();
                case "err" -> err = string();
                default -> throw new IOException("it has an unknown field " + field);
            }
            next = text.charAt(at++);
        } while (next == ',');
        if (next != '}' || exit < 0) {
            throw new IOException("it is no reply of a director");
        }
    }

    private void take(final char wanted) throws IOException {
        if (text.charAt(at++) != wanted) {
            throw new IOException("it is no reply of a director");
        }
    }

    private int number() {
        final int start = at;
        while (Character.isDigit(text.charAt(at))) {
            at++;
        }
        return Integer.parseInt(text, start, at, 10);
    }

    private String string() throws IOException {
        take('"');
        final StringBuilder value = new StringBuilder();
        while (true) {
            final int start = at;
            char c = text.charAt(at);
            while (c != '"' && c != '\\') {
                c = text.charAt(++at);
            }
            value.append(text, start, at++);
            if (c == '"') {
                return value.toString();
            }
            value.append(escaped(text.charAt(at++)));
        }
    }

    private char escaped(final char letter) {
        return switch (letter) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> (char) Integer.parseInt(text, at, at += 4, 16);
            default -> letter;
        };
    }

    /** A string as JSON. */
    static String quoted(final String value) {
        final StringBuilder json = new StringBuilder(value.length() + 16).append('"');
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c == '\n') {
                json.append("\\n");
            } else if (c < ' ') {
                json.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
