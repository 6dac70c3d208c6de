package io.ringmaster.transmit;

import io.ringmaster.packet.Addresses;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.PathMtu;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.TunnelView;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Real servers that are tunneled to, as tests of the bytes want them. */
final class TunnelServers {
    private static final ServiceKey SERVICE = new ServiceKey(1, 6, Addresses.IPV4_HIGH, Addresses.ipv4Low(0x0a01_0064),
        80);

    private TunnelServers() {
    }

    static RealServerView ipip(final int source, final int destination) {
        return of(TunnelView.Type.IPIP, 0, false, source, destination);
    }

    /** As the rules of a recording say; all its real servers are tunneled to alike. */
    static RealServerView of(final String rules, final int source, final int destination) {
        final boolean checksum = rules.contains("--tun-csum") || rules.contains("--tun-remcsum");
        if (rules.contains("--tun-type gre")) {
            return of(TunnelView.Type.GRE, 0, checksum, source, destination);
        }
        final Matcher port = Pattern.compile("--tun-port (\\d+)").matcher(rules);
        return port.find() ? of(TunnelView.Type.GUE, Integer.parseInt(port.group(1)), checksum, source, destination)
            : ipip(source, destination);
    }

    static RealServerView of(final TunnelView.Type type, final int port, final boolean checksum, final int source,
                             final int destination) {
        return new RealServerView(1, SERVICE, Addresses.IPV4_HIGH, Addresses.ipv4Low(destination), 80,
            ForwardingMethod.TUNNELING, new RealServerView.Capacity(1, 1, 0, 0), RealServerView.Presence.SERVING,
            new RealServerView.Way(new NextHop(0, 1, 2, 1500, Addresses.IPV4_HIGH, Addresses.ipv4Low(source)),
                new TunnelView(type, port, checksum, new PathMtu(false))));
    }
}
