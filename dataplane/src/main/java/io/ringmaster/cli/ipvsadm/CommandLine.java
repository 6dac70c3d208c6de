package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServerId;
import io.ringmaster.control.ServerSettings;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.Tunnel;
import io.ringmaster.service.ForwardingMethod;
import java.util.EnumSet;
import java.util.Set;

/** What one command line said, all of it judged; made by the {@link CommandLineParser}. */
final class CommandLine {
    private static final String DEFAULT_SCHEDULER = "wlc";

    Command command;
    final Set<Option> options = EnumSet.noneOf(Option.class);
    /** 0 until a service is named: before that no port has a name. */
    int protocol;
    HostAddress vip = HostAddress.ipv4(0);
    int vport;
    int mark;
    boolean markIpv6;
    String scheduler = DEFAULT_SCHEDULER;
    String flagList = "";
    int flags;
    int persistSec;
    int netmask = ServiceSettings.SINGLE_IPV4;
    String engine = "";
    HostAddress rip = HostAddress.ipv4(0);
    int rport;
    ForwardingMethod method = ForwardingMethod.DIRECT_ROUTING;
    int weight = 1;
    int upper;
    int lower;
    Tunnel.Type tunnelType = Tunnel.Type.IPIP;
    int tunnelPort;
    final int[] timeoutsSec = new int[3];
    boolean master;
    String multicastInterface = "";

    boolean has(final Option option) {
        return options.contains(option);
    }

    /** Whether the service has IPv6 addresses. */
    boolean ipv6() {
        return mark != 0 ? markIpv6 : vip.ipv6();
    }

    ServiceId service() {
        return mark != 0 ? ServiceId.ofMark(mark, markIpv6) : ServiceId.of(protocol, vip, vport);
    }

    ServiceSettings serviceSettings() {
        return new ServiceSettings(scheduler, flags, persistSec, netmask, engine, has(Option.OPS));
    }

    ServerId server() {
        return new ServerId(rip, rport);
    }

    ServerSettings serverSettings() {
        final Tunnel.Checksum checksum = has(Option.TUN_CSUM) ? Tunnel.Checksum.FULL
            : has(Option.TUN_REMCSUM) ? Tunnel.Checksum.REMOTE : Tunnel.Checksum.NONE;
        return new ServerSettings(method, weight, upper, lower, new Tunnel(tunnelType, tunnelPort, checksum));
    }
}
