package io.ringmaster.cli;

import io.ringmaster.capture.CaptureFilter;
import io.ringmaster.capture.Endpoint;
import io.ringmaster.packet.Packet;
import io.ringmaster.stats.Counter;
import io.ringmaster.verb.Meant;
import io.ringmaster.verb.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of a capture that say which packets, and how much of each. */
final class CaptureOptions {
    private static final String ANY = "any";
    private static final int MAX_PORT = 65_535;

    @Option(names = "--service", paramLabel = "SERVICE", converter = WantedService.Reader.class,
        description = "Of this virtual service only (VIP:PORT, VIP:PORT/udp, mark:N); may be given several times.")
    private List<WantedService> services = new ArrayList<>();

    @Option(names = "--client", paramLabel = "CIP", converter = ClientPlace.Reader.class,
        description = "From or to this client only, and ICMP errors about such packets: 10.0.0.1, 10.0.0.1:40000 or "
            + "10.0.0.0/8.")
    private ClientPlace client;

    @Option(names = "--real-server", paramLabel = "RS", converter = Place.Reader.class,
        description = "Of this real server only; may be given several times.")
    private List<Place> realServers = new ArrayList<>();

    @Option(names = "--drop", paramLabel = "REASON", arity = "0..1", fallbackValue = ANY,
        description = "Dropped ones only, for a reason as 'ringmaster drops --all' names it, or for any; may be given "
            + "several times.")
    private List<String> drops = new ArrayList<>();

    @Option(names = "--proto", paramLabel = "PROTOCOL",
        description = "Of this protocol only: tcp, udp, sctp or icmp (of either family).")
    private ProtocolWord protocol;

    @Option(names = "--port", paramLabel = "PORT", description = "From or to this port only, before the director.")
    private Integer port;

    @Option(names = "--before", description = "As they came only.")
    private boolean before;

    @Option(names = "--after", description = "As they left only.")
    private boolean after;

    @Option(names = "--snaplen", paramLabel = "BYTES", description = "At most so many bytes of each. Default: all.")
    private int snapBytes = Packet.LENGTH_BYTES_MAX;

    @Option(names = "--sample", paramLabel = "N", description = "Each worker takes one packet of N only.")
    private int sample = 1;

    /** The filter that they make; refused where they make no sense. */
    CaptureFilter filter() {
        if (before && after) {
            throw new UsageException("--before and --after exclude each other; without either both are shown.");
        }
        if (snapBytes < 1) {
            throw new UsageException("--snaplen " + snapBytes + " is less than one byte.");
        }
        if (sample < 1) {
            throw new UsageException("--sample " + sample + " is less than one packet.");
        }
        if (port != null && (port < 0 || port > MAX_PORT)) {
            throw new UsageException("--port " + port + " is no port: 0 to 65535.");
        }
        if (after && !drops.isEmpty()) {
            throw new UsageException("--drop and --after exclude each other: what is dropped does not leave.");
        }
        return new CaptureFilter(
            new CaptureFilter.Headers(client == null ? null : client.addresses(),
                client == null ? CaptureFilter.ANY_PORT : client.port(), protocol == null ? 0 : protocol.number(),
                port == null ? CaptureFilter.ANY_PORT : port),
            services.stream().map(CaptureOptions::endpoint).toList(),
            realServers.stream().map(place -> endpoint(place, 0)).toList(), verdicts(),
            new CaptureFilter.Extent(!after, !before, Math.min(snapBytes, Packet.LENGTH_BYTES_MAX), sample));
    }

    private static Endpoint endpoint(final WantedService service) {
        return service.mark() != 0 ? new Endpoint(0, 0, 0, 0, service.mark())
            : endpoint(service.place(), service.protocol());
    }

    private static Endpoint endpoint(final Place place, final int protocol) {
        return new Endpoint(place.address().high(), place.address().low(), place.port(), protocol, 0);
    }

    private Set<Counter> verdicts() {
        final Set<Counter> verdicts = EnumSet.noneOf(Counter.class);
        for (final String word : drops) {
            if (word.equals(ANY)) {
                Arrays.stream(Counter.values()).filter(counter -> counter.kind() == Counter.Kind.DROP)
                    .forEach(verdicts::add);
            } else {
                verdicts.add(reason(word));
            }
        }
        return verdicts;
    }

    /** A reason as listings name it, with or without the word that all have. */
    private static Counter reason(final String word) {
        final List<String> words = new ArrayList<>();
        for (final Counter counter : Counter.values()) {
            if (counter.kind() == Counter.Kind.DROP) {
                if (counter.word().equals(word) || counter.word().equals("drop-" + word)) {
                    return counter;
                }
                words.add(counter.word());
            }
        }
        throw new UsageException("There is no reason to drop called '" + word + "'; 'ringmaster drops --all' lists "
            + "them." + Meant.by(word.startsWith("drop-") ? word : "drop-" + word, words)
                .map(meant -> " Did you mean " + meant + "?").orElse(""));
    }
}
