package io.ringmaster.conformance;

import io.ringmaster.conformance.Fixture.Listed;
import io.ringmaster.conformance.Fixture.Restore;
import io.ringmaster.conformance.Fixture.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A state matrix: sequences of TCP segments of which only side and flags were recorded, and the state that each ended
 * in. Each gets a client of its own.
 */
final class StateSequences {
    private static final Pattern PLACES = Pattern.compile("-a -t ([\\d.]+):(\\d+) -r ([\\d.]+):(\\d+)");
    private static final int SHOWN = 20;

    private StateSequences() {
    }

    /** Plays all sequences; lines about those that end in another state. */
    static List<String> play(final Device director, final Fixture fixture) {
        final Matcher places = PLACES.matcher(((Restore) fixture.steps().stream()
            .filter(Restore.class::isInstance).findFirst().orElseThrow()).rules());
        if (!places.find()) {
            return List.of("a matrix of states needs one IPv4 TCP service with a real server");
        }
        for (int i = 0; i < fixture.sequences().size(); i++) {
            for (final String event : fixture.sequences().get(i).segments().split(" ")) {
                final String flags = event.substring(1);
                director.receive(0, event.charAt(0) == 'c'
                    ? Segments.fromClient(client(i), places.group(1), Integer.parseInt(places.group(2)), flags)
                    : Segments.fromServer(places.group(3), Integer.parseInt(places.group(4)), client(i), flags));
            }
        }
        final Map<String, String> states = new HashMap<>();
        for (final Listed row : Listing.connections(director.run(List.of("ipvsadm", "-Lnc"), "").whole())) {
            states.put(row.connection().source(), row.connection().state());
        }
        final List<String> lines = new ArrayList<>();
        for (int i = 0; i < fixture.sequences().size(); i++) {
            final Sequence sequence = fixture.sequences().get(i);
            final String ours = states.get(client(i) + ":" + Segments.CLIENT_PORT);
            if (sequence.state() == null ? ours != null : !sequence.state().equals(ours)) {
                lines.add(sequence.segments() + ": kernel " + sequence.state() + ", ours " + ours);
            }
        }
        return lines.size() <= SHOWN ? lines : Arrays.asList(lines.size() + " sequences, the first ones:",
            String.join("; ", lines.subList(0, SHOWN)));
    }

    private static String client(final int number) {
        return "10.9." + number / 250 + "." + (number % 250 + 1);
    }
}
