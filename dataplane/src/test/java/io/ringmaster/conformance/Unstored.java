package io.ringmaster.conformance;

import io.ringmaster.conformance.Fixture.Restore;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Datagrams that a recording only tells of, in its notes: "11000 datagrams of 1428 bytes sent (not stored)", "then
 * 100000 more". Each lot came before a pause, all from one client, and what became of them shows in the counters only.
 */
final class Unstored {
    private static final Pattern LOT = Pattern.compile("(\\d+) datagrams of (\\d+) bytes sent \\(not stored\\)");
    private static final Pattern MORE = Pattern.compile("then (\\d+) more");
    private static final Pattern SERVICE = Pattern.compile("-A -u ([\\d.]+):(\\d+)");
    private static final String CLIENT = "10.9.1.1";

    private final List<Integer> lots = new ArrayList<>();
    private int lengthBytes;

    Unstored(final List<String> notes) {
        for (final String note : notes) {
            final Matcher lot = LOT.matcher(note);
            final Matcher more = MORE.matcher(note);
            if (lot.matches()) {
                lengthBytes = Integer.parseInt(lot.group(2));
                lots.add(Integer.parseInt(lot.group(1)));
            } else if (more.matches() && lengthBytes > 0) {
                lots.add(Integer.parseInt(more.group(1)));
            }
        }
    }

    /** Sends the lot that came before this pause, if there was one. */
    void send(final Device director, final Fixture fixture) {
        if (lots.isEmpty()) {
            return;
        }
        final Matcher service = SERVICE.matcher(((Restore) fixture.steps().getFirst()).rules());
        if (!service.find()) {
            throw new IllegalStateException("datagrams that were not stored need a UDP service");
        }
        final byte[] datagram = Segments.udp(CLIENT, service.group(1), Integer.parseInt(service.group(2)),
            lengthBytes);
        for (int left = lots.removeFirst(); left > 0; left--) {
            director.receive(0, datagram);
        }
    }
}
