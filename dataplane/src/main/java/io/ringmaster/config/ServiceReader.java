package io.ringmaster.config;

import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServerId;
import io.ringmaster.control.ServerSettings;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.Tunnel;
import io.ringmaster.scheduler.SchedulerType;
import io.ringmaster.service.ForwardingMethod;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the services of a file. */
final class ServiceReader {
    private static final List<Key> PROTOCOLS = List.of(Key.TCP, Key.UDP, Key.SCTP, Key.FWMARK);
    private static final List<String> SCHEDULERS = Arrays.stream(SchedulerType.values()).map(SchedulerType::word)
        .toList();
    private static final List<String> SWITCH = List.of("true", "false");
    private static final int LONGEST_SEC = 2_678_400;
    private static final long MOST_MARK = 0xffff_ffffL;

    private final String file;

    ServiceReader(final String file) {
        this.file = file;
    }

    Map<ServiceId, State.Service> read(final List<Node> items) {
        final Map<ServiceId, State.Service> services = new LinkedHashMap<>();
        for (final Node item : items) {
            final Fields fields = Fields.of(file, item, Key.Place.SERVICE.text(), Key.Place.SERVICE.words());
            final ServiceId id = id(item, fields);
            final ServiceSettings settings = settings(id, fields);
            if (services.put(id, new State.Service(settings, servers(id, fields))) != null) {
                throw Fields.refused(file, item, "the service " + Words.of(id) + " is there twice");
            }
        }
        return services;
    }

    private ServiceId id(final Node item, final Fields fields) {
        final List<Key> named = PROTOCOLS.stream().filter(fields::has).toList();
        if (named.size() != 1) {
            throw Fields.refused(file, item, "a service has one of tcp, udp, sctp and fwmark: VIP:PORT, or the mark");
        }
        final Key key = named.getFirst();
        final String text = fields.text(key.word()).orElseThrow();
        if (key == Key.FWMARK) {
            final String digits = text.endsWith(Words.IPV6_MARK) ? text.substring(0, text.indexOf(' ')) : text;
            if (!digits.matches("[0-9]{1,10}") || Long.parseLong(digits) < 1 || Long.parseLong(digits) > MOST_MARK) {
                throw fields.refused(key.word(), "'" + text + "' is no mark; it is a number from 1 to " + MOST_MARK);
            }
            return ServiceId.ofMark((int) Long.parseLong(digits), text.endsWith(Words.IPV6_MARK));
        }
        final ServerId place = Words.place(text, 0).orElseThrow(() -> fields.refused(key.word(), "'" + text
            + "' is no address and port, like 10.0.0.1:80 or '[2001:db8::1]:80'"));
        final int protocol = key == Key.TCP ? ServiceId.TCP : key == Key.UDP ? ServiceId.UDP : ServiceId.SCTP;
        if (place.port() == 0 && !fields.has(Key.PERSISTENT)) {
            throw fields.refused(key.word(), "a service of all ports (port 0 or none) has to be persistent");
        }
        return ServiceId.of(protocol, place.address(), place.port());
    }

    private ServiceSettings settings(final ServiceId id, final Fields fields) {
        final String scheduler = fields.oneOf(Key.SCHEDULER, SCHEDULERS, SchedulerType.WLC.word());
        final String flagText = fields.text(Key.FLAGS.word()).orElse("");
        final int flags = Words.flags(scheduler, flagText).orElseThrow(() -> fields.refused(Key.FLAGS.word(), "'"
            + flagText + "' are no flags of the scheduler " + scheduler + "; there are "
            + String.join(", ", Words.flagNames(scheduler))));
        final boolean onePacket = fields.oneOf(Key.ONE_PACKET, SWITCH, "false").equals("true");
        if (onePacket && !id.marked() && id.protocol() != ServiceId.UDP) {
            throw fields.refused(Key.ONE_PACKET.word(), "one-packet scheduling is for UDP only");
        }
        final int persistSec = fields.number(Key.PERSISTENT, 1, LONGEST_SEC, 0);
        return new ServiceSettings(scheduler, flags, persistSec, netmask(id, fields),
            fields.has(Key.PERSISTENCE_ENGINE) ? fields.oneOf(Key.PERSISTENCE_ENGINE, List.of("sip"), "") : "",
            onePacket);
    }

    private static int netmask(final ServiceId id, final Fields fields) {
        if (id.address().ipv6()) {
            return fields.number(Key.NETMASK, 1, ServiceSettings.SINGLE_IPV6, ServiceSettings.SINGLE_IPV6);
        }
        final Optional<String> text = fields.text(Key.NETMASK.word());
        return text.isEmpty() ? ServiceSettings.SINGLE_IPV4 : Words.dotted(text.get()).map(HostAddress::ipv4)
            .orElseThrow(() -> fields.refused(Key.NETMASK.word(), "'" + text.get()
                + "' is no mask of IPv4, like 255.255.255.0"));
    }

    private Map<ServerId, ServerSettings> servers(final ServiceId service, final Fields fields) {
        final Map<ServerId, ServerSettings> servers = new LinkedHashMap<>();
        for (final Node item : fields.items(Key.SERVERS)) {
            final Fields server = Fields.of(file, item, Key.Place.SERVER.text(), Key.Place.SERVER.words());
            final ServerSettings settings = settings(server);
            final ServerId id = id(service, settings, server);
            if (servers.put(id, settings) != null) {
                throw Fields.refused(file, item, "the real server " + Words.of(id) + " is there twice");
            }
        }
        return servers;
    }

    private static ServerId id(final ServiceId service, final ServerSettings settings, final Fields fields) {
        final String word = Key.SERVER.word();
        final String text = fields.text(word).orElseThrow(() -> fields.refused(word, "'server' is missing: the "
            + "address and port of a real server"));
        final ServerId id = Words.place(text, service.port()).orElseThrow(() -> fields.refused(word, "'" + text
            + "' is no address and port, like 10.0.1.11:80 or '[2001:db8::11]:80'"));
        if (!id.address().unicast()) {
            throw fields.refused(word, id.address() + " is no address that a real server can have");
        }
        if (settings.method() != ForwardingMethod.TUNNELING && id.address().ipv6() != service.address().ipv6()) {
            throw fields.refused(word, "real servers of another family than the service's need the method tun");
        }
        if (settings.method() != ForwardingMethod.MASQUERADING && !service.marked() && id.port() != service.port()) {
            throw fields.refused(word, "packets keep their port " + service.port() + " with the method "
                + Words.of(settings.method()) + "; leave out the port " + id.port() + ", or choose nat");
        }
        return id;
    }

    private static ServerSettings settings(final Fields fields) {
        final ForwardingMethod method = Words.method(fields.oneOf(Key.METHOD, Words.METHODS, "dr"));
        final int upper = fields.number(Key.UPPER, 0, Integer.MAX_VALUE, 0);
        final int lower = fields.number(Key.LOWER, 0, Integer.MAX_VALUE, 0);
        if (lower > upper) {
            throw fields.refused(Key.LOWER.word(), "the lower threshold " + lower + " is above the upper one, "
                + upper);
        }
        return new ServerSettings(method, fields.number(Key.WEIGHT, 0, Integer.MAX_VALUE, 1), upper, lower,
            tunnel(fields, method));
    }

    private static Tunnel tunnel(final Fields fields, final ForwardingMethod method) {
        final Tunnel.Type type = Words.of(Tunnel.Type.values(), Tunnel.Type::word,
            fields.oneOf(Key.TUN_TYPE, Words.TUNNELS, Tunnel.Type.IPIP.word()));
        final int port = fields.number(Key.TUN_PORT, 1, 65_535, 0);
        final Tunnel.Checksum checksum = Words.of(Tunnel.Checksum.values(), Words::of,
            fields.oneOf(Key.TUN_CHECKSUM, Words.CHECKSUMS, Words.of(Tunnel.Checksum.NONE)));
        for (final Key key : List.of(Key.TUN_TYPE, Key.TUN_PORT, Key.TUN_CHECKSUM)) {
            if (fields.has(key) && method != ForwardingMethod.TUNNELING) {
                throw fields.refused(key.word(), "'" + key.word() + "' is for the method tun only");
            }
        }
        if (type == Tunnel.Type.GUE != port > 0) {
            throw fields.refused(Key.TUN_PORT.word(), "a tunnel of GUE has a tun-port, no other one has");
        }
        if (type == Tunnel.Type.IPIP && checksum != Tunnel.Checksum.NONE
            || type == Tunnel.Type.GRE && checksum == Tunnel.Checksum.REMOTE) {
            throw fields.refused(Key.TUN_CHECKSUM.word(), "a tunnel of " + type.word() + " has no such checksum");
        }
        return new Tunnel(type, port, checksum);
    }
}
