package io.ringmaster.netlink;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.SystemCallException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests and their answers over one channel, used by one thread at a time. An answer is told from the remains of an
 * earlier one, which an exception left unread, by its sequence number.
 */
final class Exchange {
    static final int TRIES = 10;
    private static final long PAUSE_NS = 1_000_000;
    private final Channel channel;
    private int sequence;
    private String explanation;

    Exchange(final Channel channel) {
        this.channel = channel;
    }

    /** Takes one message of an answer; the payload is from offset from to offset end. */
    interface Reader<T> {
        void read(MemorySegment memory, long from, long end, T into);
    }

    /**
     * Lists all of something; again from the start when the kernel says that it changed meanwhile.
     *
     * @param what    for the error's sentence: "the routes".
     * @param type    of the messages to read.
     * @param request complete but for its sequence number.
     * @throws SystemCallException   if the kernel refuses.
     * @throws IllegalStateException if it changed during each of {@value #TRIES} attempts.
     */
    <T> List<T> list(final String what, final int type, final Request request, final Reader<List<T>> reader) {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            final List<T> found = new ArrayList<>();
            if (listOnce(what, type, request, reader, found)) {
                return found;
            }
            LockSupport.parkNanos(attempt * PAUSE_NS);
        }
        throw new IllegalStateException("Could not list " + what + ": the kernel changed them during each of " + TRIES
            + " attempts. Try again when the network is calmer.");
    }

    private <T> boolean listOnce(final String what, final int type, final Request request,
                                 final Reader<List<T>> reader, final List<T> found) {
        begin(request);
        boolean complete = true;
        while (true) {
            final int length = channel.receive(true);
            complete &= length >= 0;
            final MemorySegment memory = channel.memory();
            int bytes;
            for (long at = 0; at < length; at = NetlinkHeader.next(at, bytes)) {
                bytes = NetlinkHeader.length(memory, at, length);
                if (NetlinkHeader.sequence(memory, at) != sequence) {
                    continue;
                }
                complete &= (NetlinkHeader.flags(memory, at) & NetlinkHeader.FLAG_DUMP_INTERRUPTED) == 0
                    || NetlinkHeader.type(memory, at) == NetlinkHeader.TYPE_ERROR;
                final int messageType = NetlinkHeader.type(memory, at);
                if (messageType == NetlinkHeader.TYPE_DONE || messageType == NetlinkHeader.TYPE_ERROR) {
                    checkEnd(what, memory, at, bytes);
                    return complete;
                }
                complete &= messageType != NetlinkHeader.TYPE_OVERRUN;
                if (complete && messageType == type) {
                    reader.read(memory, at + NetlinkHeader.BYTES, at + bytes, found);
                }
            }
        }
    }

    private static void checkEnd(final String what, final MemorySegment memory, final long at, final int bytes) {
        final int errno = NetlinkHeader.errno(memory, at, bytes);
        if (errno != 0) {
            throw refused("list " + what, errno, NetlinkHeader.explanation(memory, at, bytes));
        }
    }

    /**
     * Asks for one thing, or tells the kernel to do one.
     *
     * @param type of the message that answers; of no meaning for a request with the ACK flag.
     * @return 0, or the kernel's errno; {@link #explanation} then has its own words.
     */
    <T> int ask(final int type, final Request request, final Reader<T> reader, final T into) {
        begin(request);
        explanation = null;
        while (true) {
            final int length = channel.receive(true);
            final MemorySegment memory = channel.memory();
            int bytes;
            for (long at = 0; at < length; at = NetlinkHeader.next(at, bytes)) {
                bytes = NetlinkHeader.length(memory, at, length);
                if (NetlinkHeader.sequence(memory, at) != sequence) {
                    continue;
                }
                if (NetlinkHeader.type(memory, at) == NetlinkHeader.TYPE_ERROR) {
                    explanation = NetlinkHeader.explanation(memory, at, bytes);
                    return NetlinkHeader.errno(memory, at, bytes);
                }
                if (NetlinkHeader.type(memory, at) == type) {
                    reader.read(memory, at + NetlinkHeader.BYTES, at + bytes, into);
                    return 0;
                }
            }
            if (length == Channel.TOO_LARGE || length == Channel.OVERRUN) {
                begin(request);
            }
        }
    }

    /** The kernel's own sentence about the error that {@link #ask} returned last, or null. */
    String explanation() {
        return explanation;
    }

    /** An error with the kernel's own sentence, where it gave one. */
    SystemCallException refused(final String tried, final int errno) {
        return refused(tried, errno, explanation);
    }

    private static SystemCallException refused(final String tried, final int errno, final String words) {
        if (words != null) {
            return new SystemCallException(tried, errno, "The kernel says: " + words);
        }
        return errno == Errno.EPERM ? new SystemCallException(tried, errno, "Run as root or with CAP_NET_ADMIN.")
            : new SystemCallException(tried, errno);
    }

    private void begin(final Request request) {
        // a list that was left half read keeps the kernel from starting another (EBUSY)
        while (channel.receive(false) != Channel.NOTHING) {
            continue;
        }
        sequence++;
        channel.send(request.finish(sequence));
    }
}
