package io.ringmaster.cli.top;

import io.ringmaster.verb.Call;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What a person presses, and the terminal's answers about its size (ECMA-48, xterm): read by a thread of its own, since
 * nobody knows when there will be some.
 */
final class Keys implements AutoCloseable {
    /** What is pressed ahead; more is forgotten. */
    private static final int MOST = 64;
    private static final char ESCAPE = 0x1b;

    private final BlockingQueue<Press> presses = new LinkedBlockingQueue<>(MOST);
    private final BufferedReader stdin;
    private final Thread thread;

    /**
     * A key or an answer.
     *
     * @param key     its letter, or of keys without one: U up, D down, P page up, N page down, H home, E end;
     *                R for the size.
     * @param rows    of the terminal, with R.
     * @param columns of the terminal, with R.
     */
    record Press(char key, int rows, int columns) {
    }

    Keys(final Call call) {
        stdin = call.stdin();
        thread = new Thread(this::read, "verb top keys");
        thread.setDaemon(true);
        thread.start();
    }

    BlockingQueue<Press> presses() {
        return presses;
    }

    private void read() {
        try {
            int letter = stdin.read();
            while (letter >= 0) {
                final Press press = letter == ESCAPE ? sequence()
                    : new Press(Character.toLowerCase((char) letter), 0, 0);
                if (press != null) {
                    presses.offer(press);
                }
                letter = stdin.read();
            }
        } catch (final IOException e) {
            // The client has gone, which its own thread finds out.
            return;
        }
    }

    /** What stands behind ESC: [ or O, numbers, a letter; null for what means nothing here. */
    private Press sequence() throws IOException {
        final int kind = stdin.read();
        if (kind != '[' && kind != 'O') {
            return null;
        }
        final StringBuilder numbers = new StringBuilder();
        int letter = stdin.read();
        while (letter >= 0 && letter < '@' && numbers.length() < 16) {
            numbers.append((char) letter);
            letter = stdin.read();
        }
        return sequence(numbers.toString(), (char) letter);
    }

    private static Press sequence(final String numbers, final char letter) {
        if (letter == 'R' && numbers.matches("[0-9]{1,4};[0-9]{1,4}")) {
            final int between = numbers.indexOf(';');
            return new Press('R', Integer.parseInt(numbers.substring(0, between)),
                Integer.parseInt(numbers.substring(between + 1)));
        }
        final char key = switch (letter + numbers) {
            case "A" -> 'U';
            case "B" -> 'D';
            case "~5" -> 'P';
            case "~6" -> 'N';
            case "H", "~1", "~7" -> 'H';
            case "F", "~4", "~8" -> 'E';
            default -> 0;
        };
        return key == 0 ? null : new Press(key, 0, 0);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
