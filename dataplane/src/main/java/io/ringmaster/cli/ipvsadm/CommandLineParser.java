package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.Tunnel;
import io.ringmaster.service.ForwardingMethod;
import java.util.List;
import java.util.Optional;

/**
 * Reads one command line as ipvsadm 1.31 does: the first switch is the command; each value is judged as it comes; then
 * what the command needs and takes; then what contradicts itself.
 */
final class CommandLineParser {
    private static final int PERSIST_DEFAULT_SEC = 360;
    private static final int MOST_PORT = 65_535;
    /** What ipvsadm has room for. */
    private static final int LONGEST_FLAG_LIST = 127;
    private static final int LONGEST_SYNC_MESSAGE = 65_507;

    private final Names names;
    private final CommandLine line = new CommandLine();
    private SwitchReader reader;

    private CommandLineParser(final Names names) {
        this.names = names;
    }

    /**
     * Reads a command line.
     *
     * @param words without the program's name.
     * @param names of hosts and ports.
     */
    static CommandLine parse(final List<String> words, final Names names) throws UsageException {
        return new CommandLineParser(names).parse(words);
    }

    private CommandLine parse(final List<String> words) throws UsageException {
        if (words.isEmpty()) {
            line.command = Command.LIST;
            return line;
        }
        reader = new SwitchReader(words);
        readCommand();
        if (line.command == Command.HELP || line.command == Command.VERSION) {
            return line;
        }
        for (Switch next = reader.next(); next != null; next = reader.next()) {
            if (next.command() != null) {
                throw UsageException.wrong("invalid option `%s'", reader.word());
            }
            take(next, reader.argument());
        }
        if (line.command == Command.SET_TIMEOUTS) {
            readTimeouts();
        }
        final String more = reader.leftOver();
        if (more != null) {
            throw UsageException.wrong("unexpected argument %s", more);
        }
        line.flags = Values.schedulerFlags(line.scheduler, line.flagList);
        line.command.check(line.options);
        checkService();
        checkServer();
        checkList();
        return line;
    }

    private void readCommand() throws UsageException {
        final Switch first;
        try {
            first = reader.next();
        } catch (final UsageException e) {
            throw UsageException.tryHelp();
        }
        if (first == null || first.command() == null) {
            throw UsageException.tryHelp();
        }
        line.command = first.command();
        if (first == Switch.START_DAEMON || first == Switch.STOP_DAEMON) {
            line.master = reader.argument().equals("master");
            if (!line.master && !reader.argument().equals("backup")) {
                throw UsageException.wrong(first == Switch.START_DAEMON ? "illegal start-daemon parameter specified"
                    : "illegal start_daemon specified");
            }
        }
    }

    private void readTimeouts() throws UsageException {
        final String[] texts = {reader.leftOver(), reader.leftOver(), reader.leftOver()};
        if (texts[2] == null) {
            throw UsageException.wrong("--set option requires 3 timeout values");
        }
        for (int i = 0; i < texts.length; i++) {
            line.timeoutsSec[i] = Values.timeoutSec(texts[i], 0);
        }
    }

    private void give(final Option option) throws UsageException {
        if (!line.options.add(option)) {
            throw UsageException.wrong("multiple '%s' options specified", option.word());
        }
    }

    private void take(final Switch given, final String value) throws UsageException {
        switch (given) {
            case TCP_SERVICE -> service(ServiceId.TCP, value);
            case UDP_SERVICE -> service(ServiceId.UDP, value);
            case SCTP_SERVICE -> service(ServiceId.SCTP, value);
            case FWMARK_SERVICE -> {
                give(Option.SERVICE_ADDRESS);
                line.protocol = ServiceId.TCP;
                line.mark = Values.mark(value);
            }
            case IPV6 -> ipv6();
            case SCHEDULER -> {
                give(Option.SCHEDULER);
                line.scheduler = value.isEmpty() ? line.scheduler : value;
            }
            case PERSISTENT -> {
                give(Option.PERSISTENT);
                line.persistSec = value == null ? PERSIST_DEFAULT_SEC : Values.timeoutSec(value, 1);
            }
            case NETMASK -> netmask(value);
            case PE -> {
                give(Option.PE);
                line.engine = value;
            }
            case SCHED_FLAGS -> {
                give(Option.SCHED_FLAGS);
                line.flagList = value.substring(0, Math.min(value.length(), LONGEST_FLAG_LIST));
            }
            case REAL_SERVER -> realServer(value);
            case MASQUERADING -> method(ForwardingMethod.MASQUERADING);
            case IPIP -> method(ForwardingMethod.TUNNELING);
            case GATEWAYING -> method(ForwardingMethod.DIRECT_ROUTING);
            case WEIGHT -> {
                give(Option.WEIGHT);
                line.weight = Values.number(value, 0, Integer.MAX_VALUE, "illegal weight specified");
            }
            case U_THRESHOLD -> {
                give(Option.U_THRESHOLD);
                line.upper = Values.number(value, 0, Integer.MAX_VALUE, "illegal u_threshold specified");
            }
            case L_THRESHOLD -> {
                give(Option.L_THRESHOLD);
                line.lower = Values.number(value, 0, Integer.MAX_VALUE, "illegal l_threshold specified");
            }
            case TUN_TYPE -> tunnelType(value);
            case TUN_PORT -> {
                give(Option.TUN_PORT);
                line.tunnelPort = Values.number(value, 1, MOST_PORT, "illegal tunnel port specified");
            }
            case SORT -> {
                // Kept by ipvsadm for old scripts; sorting is what it does anyhow.
            }
            default -> plain(given, value);
        }
    }

    /** Switches that only have to be remembered, and those of the sync daemon. */
    private void plain(final Switch given, final String value) throws UsageException {
        give(Option.valueOf(given.name()));
        switch (given) {
            case SYNCID -> Values.number(value, 0, 255, "illegal syncid specified");
            case SYNC_MAXLEN -> Values.number(value, 1, LONGEST_SYNC_MESSAGE, "illegal sync-maxlen specified");
            case MCAST_PORT -> Values.number(value, 1, MOST_PORT, "illegal mcast-port specified");
            case MCAST_TTL -> Values.number(value, 1, 255, "illegal mcast-ttl specified");
            case MCAST_GROUP -> group(value);
            case MCAST_INTERFACE -> line.multicastInterface = value;
            default -> {
                // No value to judge.
            }
        }
    }

    private static void group(final String value) throws UsageException {
        final HostAddress ipv6 = HostAddress.parseIpv6(value).orElse(null);
        if (ipv6 != null ? ipv6.high() >>> 56 != 0xff : value.indexOf(':') >= 0) {
            throw UsageException.wrong("invalid IPv6 mcast-group `%s'", value);
        }
        if (ipv6 == null && Values.plainIpv4(value).filter(v4 -> v4.ipv4() >>> 28 == 14).isEmpty()) {
            throw UsageException.wrong("invalid IPv4 mcast-group `%s'", value);
        }
    }

    private void service(final int protocol, final String value) throws UsageException {
        give(Option.SERVICE_ADDRESS);
        line.protocol = protocol;
        final Values.HostAndPort parsed = Values.hostAndPort(value, protocol, names);
        if (parsed == null) {
            throw UsageException.wrong("illegal virtual server address[:port] specified");
        }
        line.vip = parsed.address();
        line.vport = parsed.port().orElse(0);
        if (line.vip.ipv6()) {
            line.netmask = ServiceSettings.SINGLE_IPV6;
        }
    }

    private void ipv6() throws UsageException {
        if (line.mark == 0) {
            throw UsageException.wrong("-6 used before -f%n");
        }
        line.markIpv6 = true;
        line.netmask = ServiceSettings.SINGLE_IPV6;
    }

    private void netmask(final String value) throws UsageException {
        give(Option.NETMASK);
        if (line.ipv6()) {
            line.netmask = Values.leadingNumber(value);
            if (line.netmask < 1 || line.netmask > ServiceSettings.SINGLE_IPV6) {
                throw UsageException.wrong("illegal ipv6 netmask specified");
            }
        } else {
            line.netmask = Values.ipv4(value).or(() -> Optional.ofNullable(names.address(value))).map(HostAddress::ipv4)
                .orElseThrow(() -> UsageException.wrong("illegal virtual server persistent mask specified"));
        }
    }

    private void realServer(final String value) throws UsageException {
        give(Option.REAL_SERVER);
        final Values.HostAndPort parsed = Values.hostAndPort(value, line.protocol, names);
        if (parsed == null) {
            throw UsageException.wrong("illegal real server address[:port] specified");
        }
        line.rip = parsed.address();
        // The service's port only if the service stood before it: so does ipvsadm.
        line.rport = parsed.port().orElse(line.vport);
    }

    private void method(final ForwardingMethod method) throws UsageException {
        give(Option.FORWARDING_METHOD);
        line.method = method;
    }

    private void tunnelType(final String value) throws UsageException {
        give(Option.TUN_TYPE);
        for (final Tunnel.Type type : Tunnel.Type.values()) {
            if (type.word().equals(value)) {
                line.tunnelType = type;
                return;
            }
        }
        throw UsageException.wrong("illegal tunnel type specified");
    }

    private void checkService() throws UsageException {
        if (line.command != Command.ADD_SERVICE && line.command != Command.EDIT_SERVICE) {
            return;
        }
        if (line.mark == 0 && line.vport == 0 && line.persistSec == 0) {
            throw UsageException.wrong("Zero port specified for non-persistent service");
        }
        if (line.has(Option.OPS) && line.mark == 0 && line.protocol != ServiceId.UDP) {
            throw UsageException.wrong("One-Packet Scheduling is only for UDP virtual services");
        }
    }

    private void checkServer() throws UsageException {
        if (line.command != Command.ADD_SERVER && line.command != Command.EDIT_SERVER) {
            return;
        }
        final boolean tunneling = line.method == ForwardingMethod.TUNNELING;
        if (line.rip.ipv6() != line.ipv6() && !tunneling) {
            throw UsageException.wrong("Different address family is allowed only for tunneling servers");
        }
        TunnelRules.check(line);
        // Without masquerading the packet keeps its port, whatever the rule says.
        if (line.mark == 0 && line.method != ForwardingMethod.MASQUERADING) {
            line.rport = line.vport;
        }
    }

    private void checkList() throws UsageException {
        final boolean plain = line.has(Option.TIMEOUT) || line.has(Option.DAEMON);
        final boolean numbers = line.has(Option.STATS) || line.has(Option.RATE) || line.has(Option.THRESHOLDS);
        if (line.command == Command.LIST && (numbers && (plain || line.has(Option.CONNECTION))
            || plain && line.has(Option.PERSISTENT_CONN))) {
            throw UsageException.wrong("options conflicts in the list command");
        }
    }
}
