package io.ringmaster.director;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ringmaster.bpf.XdpReason;
import io.ringmaster.control.Reply;
import io.ringmaster.stats.Counter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All counters of a running director at one moment, as {@code ringmaster drops --json} tells them. */
public record Counters(Map<String, Long> byGroupAndReason) {
    private static final String XDP = "XDP program";

    /** Reads them now; they are at most a duty cycle old. */
    public static Counters of(final RunningDirector director) {
        final Reply reply = ControlClient.ask(director.socket(), List.of("drops", "--json"), "");
        if (reply.exit() != 0) {
            throw new AssertionError(reply.err());
        }
        final Map<String, Long> found = new HashMap<>();
        try (JsonParser json = new JsonFactory().createParser(reply.out())) {
            String group = "";
            String reason = "";
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME) {
                    final String field = json.currentName();
                    json.nextToken();
                    switch (field) {
                        case "group" -> group = json.getText();
                        case "reason" -> reason = json.getText();
                        case "count" -> found.merge(group + "/" + reason, json.getLongValue(), Long::sum);
                        default -> { }
                    }
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Counters(found);
    }

    /** What a counter of the workers says. */
    long of(final Counter counter) {
        return byGroupAndReason.entrySet().stream().filter(entry -> entry.getKey().endsWith("/" + counter.word()))
            .mapToLong(Map.Entry::getValue).sum();
    }

    /** What a reason of the XDP program says. */
    long xdp(final String reason) {
        final Long value = byGroupAndReason.get(XDP + "/" + reason);
        if (value == null) {
            throw new AssertionError(reason + " is none of " + byGroupAndReason.keySet());
        }
        return value;
    }

    /** Packets that came to one of the ends that a packet can have. */
    long ended() {
        long sum = 0;
        for (final Counter counter : Counter.values()) {
            sum += counter.kind() == Counter.Kind.EVENT ? 0 : of(counter);
        }
        return sum;
    }

    /** Whether so many frames came in since the start, and each that went to a worker has come to an end there. */
    public boolean settled(final long framesIn) {
        long seen = 0;
        long redirected = 0;
        for (final XdpReason reason : XdpReason.values()) {
            final long count = xdp(reason.word().replace('_', '-'));
            seen += count;
            redirected += reason.ordinal() < XdpReason.NO_SOCKET.ordinal() ? count : 0;
        }
        return seen == framesIn && redirected == ended();
    }

    /** Packets that were dropped for any reason. */
    long dropped() {
        long sum = 0;
        for (final Counter counter : Counter.values()) {
            sum += counter.kind() == Counter.Kind.DROP ? of(counter) : 0;
        }
        return sum;
    }
}
