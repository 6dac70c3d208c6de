package io.ringmaster.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * One line from the director: {@code {"out":"..."}}, {@code {"exit":0}} and the like, see docs/socket.md. Read by hand,
 * because loading a JSON library would take a third of the time that a command has; what it reads was written by the
 * director of the same jar.
 */
final class ReplyLine {
    private static final int NONE = -1;
    private static final int HEXADECIMAL = 16;

    private final byte[] text;
    private final int end;
    private int at;
    private int exit = NONE;
    private byte[] out = {};
    private byte[] err = {};
    private byte[] progress;
    private boolean wanted;

    private ReplyLine(final byte[] text, final int lengthBytes) {
        this.text = text;
        this.end = lengthBytes;
    }

    /** Reads one line from the start of an array. */
    static ReplyLine of(final byte[] text, final int lengthBytes) throws IOException {
        final ReplyLine line = new ReplyLine(text, lengthBytes);
        try {
            line.read();
        } catch (final IllegalArgumentException e) {
            throw new IOException("it says what is no reply", e);
        }
        return line;
    }

    /** Whether it is the last one. */
    boolean last() {
        return exit != NONE;
    }

    int exit() {
        return exit;
    }

    byte[] out() {
        return out;
    }

    byte[] err() {
        return err;
    }

    /** What is shown of the progress, or null. */
    byte[] progress() {
        return progress;
    }

    /** Whether the director wants some standard input. */
    boolean wantsStdin() {
        return wanted;
    }

    private void read() throws IOException {
        take('{');
        byte next = peek();
        if (next == '}') {
            at++;
            return;
        }
        do {
            final String field = new String(string(), StandardCharsets.UTF_8);
            take(':');
            switch (field) {
                case "exit" -> exit = number();
                case "out" -> out = string();
                case "bytes" -> out = Base64.getDecoder().decode(string());
                case "err" -> err = string();
                case "progress" -> progress = string();
                case "want" -> wanted = string().length > 0;
                default -> throw new IOException("it says what this program does not know: " + field);
            }
            next = peek();
            at++;
        } while (next == ',');
        if (next != '}') {
            throw new IOException("it says what is no reply");
        }
    }

    private byte peek() throws IOException {
        if (at >= end) {
            throw new IOException("it broke off");
        }
        return text[at];
    }

    private void take(final char wantedByte) throws IOException {
        if (peek() != wantedByte) {
            throw new IOException("it says what is no reply");
        }
        at++;
    }

    private int number() throws IOException {
        final int start = at;
        while (Character.isDigit(peek())) {
            at++;
        }
        return Integer.parseInt(new String(text, start, at - start, StandardCharsets.US_ASCII));
    }

    private byte[] string() throws IOException {
        take('"');
        final ByteArrayOutputStream value = new ByteArrayOutputStream();
        while (true) {
            final int start = at;
            while (peek() != '"' && text[at] != '\\') {
                at++;
            }
            value.write(text, start, at - start);
            if (text[at++] == '"') {
                return value.toByteArray();
            }
            escaped(peek(), value);
        }
    }

    private void escaped(final byte letter, final ByteArrayOutputStream value) throws IOException {
        at++;
        switch (letter) {
            case 'n' -> value.write('\n');
            case 't' -> value.write('\t');
            case 'r' -> value.write('\r');
            case 'b' -> value.write('\b');
            case 'f' -> value.write('\f');
            case 'u' -> value.writeBytes(String.valueOf(unit()).getBytes(StandardCharsets.UTF_8));
            default -> value.write(letter);
        }
    }

    private char unit() throws IOException {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            unit = unit * HEXADECIMAL + Character.digit(peek(), HEXADECIMAL);
            at++;
        }
        return (char) unit;
    }

    /** A string as JSON. */
    static StringBuilder quoted(final CharSequence value) {
        final StringBuilder json = new StringBuilder(value.length() + 16).append('"');
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c == '\n') {
                json.append("\\n");
            } else if (c < ' ') {
                json.append("\\u00").append(Character.forDigit(c >> 4, HEXADECIMAL))
                    .append(Character.forDigit(c & 15, HEXADECIMAL));
            } else {
                json.append(c);
            }
        }
        return json.append('"');
    }
}
