package io.ringmaster.capture;

import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import io.ringmaster.service.AddressPrefix;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.stats.Counter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which packets a capture is about. What a packet's headers tell is asked before it goes its way, the rest behind it.
 * Immutable; any thread, and allocates nothing when asked.
 */
public final class CaptureFilter {
    /** In place of a port: any. */
    public static final int ANY_PORT = Endpoint.ANY_PORT;

    private final AddressPrefix client;
    private final int clientPort;
    private final int protocol;
    private final int port;
    private final Endpoint[] services;
    private final Endpoint[] servers;
    private final boolean[] verdicts;
    private final Extent extent;

    /**
     * How much is taken of what matches.
     *
     * @param before   packets as they came.
     * @param after    packets as they left.
     * @param snapBytes of each packet at most.
     * @param sample   one packet of so many, at least 1.
     */
    public record Extent(boolean before, boolean after, int snapBytes, int sample) {
        /** Everything, whole. */
        public static final Extent ALL = new Extent(true, true, Packet.LENGTH_BYTES_MAX, 1);
    }

    /**
     * What headers must tell.
     *
     * @param client     one end of the packet, or of one that an ICMP error is about; null for any.
     * @param clientPort the port of that end, or {@link #ANY_PORT}.
     * @param protocol   IP protocol number, 0 for any; ICMP means ICMPv6, too.
     * @param port       the port of either end, or {@link #ANY_PORT}.
     */
    public record Headers(AddressPrefix client, int clientPort, int protocol, int port) {
        /** Whatever they tell. */
        public static final Headers ANY = new Headers(null, ANY_PORT, 0, ANY_PORT);
    }

    /**
     * A filter.
     *
     * @param services its service is one of these; empty for any.
     * @param servers  its real server is one of these; empty for any.
     * @param verdicts what became of it; empty for whatever.
     */
    public CaptureFilter(final Headers headers, final List<Endpoint> services, final List<Endpoint> servers,
                         final Set<Counter> verdicts, final Extent extent) {
        this.client = headers.client();
        this.clientPort = headers.clientPort();
        this.protocol = headers.protocol();
        this.port = headers.port();
        this.services = services.toArray(Endpoint[]::new);
        this.servers = servers.toArray(Endpoint[]::new);
        this.verdicts = new boolean[Counter.values().length];
        (verdicts.isEmpty() ? EnumSet.allOf(Counter.class) : verdicts)
            .forEach(verdict -> this.verdicts[verdict.ordinal()] = true);
        this.extent = extent;
    }

    /** A filter that lets everything pass. */
    public static CaptureFilter everything() {
        return new CaptureFilter(Headers.ANY, List.of(), List.of(), Set.of(), Extent.ALL);
    }

    /** How much is taken. */
    public Extent extent() {
        return extent;
    }

    /**
     * Whether the headers are as wanted.
     *
     * @param packet its cursor, or null if its headers cannot be read.
     * @param quote  what it quotes, if it is an ICMP error whose quote can be read, else null.
     */
    public boolean wants(final Packet packet, final IcmpQuote quote) {
        if (client == null && protocol == 0 && port == ANY_PORT) {
            return true;
        }
        return packet != null && (protocol == 0 || protocol == family(packet.protocol()))
            && (port == ANY_PORT || packet.sourcePort() == port || packet.destinationPort() == port
                || quote != null && (quote.sourcePort() == port || quote.destinationPort() == port))
            && (client == null || hasClient(packet) || quote != null && hasClient(quote));
    }

    /** The number that stands for a protocol of either family. */
    private static int family(final int number) {
        return number == Ipv6.PROTOCOL_ICMPV6 ? Ipv4.PROTOCOL_ICMP : number;
    }

    private boolean hasClient(final Packet packet) {
        return isClient(packet.sourceHigh(), packet.sourceLow(), packet.sourcePort())
            || isClient(packet.destinationHigh(), packet.destinationLow(), packet.destinationPort());
    }

    private boolean hasClient(final IcmpQuote quote) {
        return isClient(quote.sourceHigh(), quote.sourceLow(), quote.sourcePort())
            || isClient(quote.destinationHigh(), quote.destinationLow(), quote.destinationPort());
    }

    private boolean isClient(final long high, final long low, final int endPort) {
        return client.contains(high, low) && (clientPort == ANY_PORT || clientPort == endPort);
    }

    /**
     * Whether what became of the packet is as wanted.
     *
     * @param service its virtual service, or null.
     * @param server  its real server, or null.
     * @param verdict ordinal of the counter of its end.
     */
    public boolean wants(final ServiceKey service, final RealServerView server, final int verdict) {
        return verdicts[verdict] && isService(service) && isServer(server);
    }

    private boolean isService(final ServiceKey service) {
        for (final Endpoint wanted : services) {
            if (service != null && wanted.matches(service)) {
                return true;
            }
        }
        return services.length == 0;
    }

    private boolean isServer(final RealServerView server) {
        for (final Endpoint wanted : servers) {
            if (server != null && wanted.matches(server)) {
                return true;
            }
        }
        return servers.length == 0;
    }
}
