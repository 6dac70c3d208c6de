package io.ringmaster.cli;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.VirtualService;
import io.ringmaster.explain.Entry;
import io.ringmaster.explain.Explainer;
import io.ringmaster.explain.Explanation;
import io.ringmaster.explain.Question;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an explanation calls the things that it is about. Taken down on the control thread; immutable.
 *
 * @param service        that the packet is for, in words; null for none.
 * @param answered       service of the connection of a real server's packet, in words; null for none.
 * @param scheduler      its name; null without a service.
 * @param servers        its real servers.
 * @param others         services of the same address, for a packet that is for none.
 * @param interfaceNames of the director's interfaces and their VLAN interfaces, by their numbers.
 * @param guessed        whether the interface that the packet comes in by was guessed.
 */
record ExplainWords(String service, String answered, String scheduler, List<Server> servers, List<String> others,
                    List<String> interfaceNames, boolean guessed) {
    /**
     * A real server.
     *
     * @param view     what workers know of it.
     * @param active   connections.
     * @param inactive connections.
     */
    record Server(RealServerView view, long active, long inactive) {
        /** Why it takes no new connections; empty if it does. */
        String refusal() {
            if (view.weight() == 0) {
                return "weight 0";
            }
            return view.upperThreshold() != 0
                ? "overloaded since it had " + view.upperThreshold() + " connections" : "";
        }
    }

    /** The words for an explanation. */
    static ExplainWords of(final ServiceTable table, final Explainer explainer, final Explanation explanation,
                           final boolean guessed) {
        final ServiceView service = explanation.service();
        final List<Server> servers = new ArrayList<>();
        for (int i = 0; service != null && i < service.serverCount(); i++) {
            final long[] load = explainer.load(service.server(i).number());
            servers.add(new Server(service.server(i), load[0], load[1]));
        }
        final Optional<ServiceId> id = service == null ? Optional.empty() : table.serviceOf(service.endpoint());
        final Question.End to = explanation.question().to();
        return new ExplainWords(id.map(WantedService::text).orElse(null), explanation.connection()
            .flatMap(entry -> table.serviceOf(entry.endpoint())).map(WantedService::text).orElse(null),
            id.flatMap(table::service).map(found -> found.settings().scheduler()).orElse(null), servers,
            table.services().stream().map(VirtualService::id).filter(other -> !other.marked()
                && other.address().high() == to.high() && other.address().low() == to.low())
                .map(WantedService::text).toList(), explainer.interfaceNames(), guessed);
    }

    /** The real servers' facts by their numbers. */
    Optional<Server> server(final int number) {
        return servers.stream().filter(server -> server.view().number() == number).findFirst();
    }

    /** An interface or VLAN by its number; one of a VLAN that no interface stands for has none. */
    String interfaceName(final int port) {
        return port < interfaceNames.size() ? interfaceNames.get(port) : "number " + port;
    }

    /** An address. */
    static String address(final long high, final long low) {
        return new HostAddress(!Addresses.isIpv4(high, low), high, low).toString();
    }

    /** An address and port of a packet. */
    static String end(final Question.End end, final boolean ports) {
        final HostAddress address = new HostAddress(!Addresses.isIpv4(end.high(), end.low()), end.high(), end.low());
        return ports ? Place.text(address, end.port()) : address.toString();
    }

    /** A real server as rules name it; one of the port that was asked for has none. */
    static String serverText(final RealServerView server) {
        return end(new Question.End(server.addressHigh(), server.addressLow(), server.port()), server.port() != 0);
    }

    /** The word of a protocol. */
    static String protocol(final int number) {
        return number == Ipv4.PROTOCOL_TCP || number == Ipv4.PROTOCOL_UDP || number == Ipv4.PROTOCOL_SCTP
            ? ServiceId.protocolWord(number) : number == Ipv4.PROTOCOL_ICMP ? "ICMP" : "ICMPv6";
    }

    /** What listings call the state of a connection. */
    static String state(final Entry entry, final int protocol) {
        return ConnectionValue.word(entry.value(), protocol);
    }

    /** A forwarding method with its tunnel's type. */
    static String method(final RealServerView server, final int method) {
        return switch (ForwardingMethod.values()[method]) {
            case MASQUERADING -> "masquerading";
            case DIRECT_ROUTING -> "direct routing";
            case LOCAL -> "local node";
            case TUNNELING -> "tunneling by " + server.tunnel().type().name().toLowerCase(Locale.ROOT);
        };
    }
}
