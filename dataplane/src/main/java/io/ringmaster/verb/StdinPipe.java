package io.ringmaster.verb;

import java.io.InterruptedIOException;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A client's standard input on its way to a verb: the verb's thread reads and waits, the control thread adds what has
 * come. Asked for piece by piece, so that at most one piece is held that nobody has read.
 */
final class StdinPipe extends Reader {
    private final Runnable wake;
    private final Deque<String> pieces = new ArrayDeque<>();
    private int position;
    private boolean wanted;
    private boolean ended;
    private boolean closed;

    StdinPipe(final Runnable wake) {
        this.wake = wake;
    }

    @Override
    public int read(final char[] into, final int offset, final int length) throws InterruptedIOException,
        ClientGoneException {
        synchronized (lock) {
            while (pieces.isEmpty() && !ended && !closed) {
                wanted = true;
                wake.run();
                try {
                    lock.wait();
                } catch (final InterruptedException e) {
                    throw new ClientGoneException();
                }
            }
            if (closed) {
                throw new ClientGoneException();
            }
            if (pieces.isEmpty()) {
                return -1;
            }
            final String piece = pieces.peek();
            final int taken = Math.min(length, piece.length() - position);
            piece.getChars(position, position + taken, into, offset);
            position += taken;
            if (position == piece.length()) {
                pieces.remove();
                position = 0;
            }
            return taken;
        }
    }

    boolean wanted() {
        synchronized (lock) {
            return wanted;
        }
    }

    /** More of it, or its end: null. */
    void add(final String text) {
        synchronized (lock) {
            wanted = false;
            ended |= text == null;
            if (text != null && !text.isEmpty()) {
                pieces.add(text);
            }
            lock.notifyAll();
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }
}
