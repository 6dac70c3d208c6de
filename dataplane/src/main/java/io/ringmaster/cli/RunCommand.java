package io.ringmaster.cli;

import io.ringmaster.bpf.AttachMode;
import io.ringmaster.config.Start;
import io.ringmaster.config.State;
import io.ringmaster.control.ControlSocket;
import io.ringmaster.control.SocketAccess;
import io.ringmaster.control.Startup;
import io.ringmaster.director.Settings;
import io.ringmaster.sys.CpuAffinity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code ringmaster run}: the options of a director, each judged before anything is started. */
@Command(name = "run", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Run a director in the foreground until SIGTERM or Ctrl-C. Needs root, or the "
        + "capabilities of ringmaster@.service.",
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster run --interface eth0", "  ringmaster run -i eth0,eth1 --cores 0,1 --connections 10M", "",
        "Rules are made with: ringmaster ipvsadm", "",
        "Exit codes: 0 it was ended (SIGTERM, Ctrl-C) and has undone everything; 1 it could not start, as the sentence "
            + "says, and left nothing behind; 2 wrong words."})
final class RunCommand implements Callable<Integer> {
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,4})(?:-([0-9]{1,4}))?");
    private static final int LONGEST_INTERFACE_NAME = 15;
    private static final long FEWEST_CONNECTIONS = 1_000;
    private static final long MOST_CONNECTIONS = 1_000_000_000;
    private static final long IPV6_SHARE = 4;
    private static final String NO_FTP = "--no-ftp";
    /** Defaults. */
    static final long CONNECTIONS = 1_000_000;
    static final long HAND_BACK_RATE = 2_000;
    static final String FTP_PORTS = "21";
    private static final long HIGHEST_RATE = 10_000_000;
    private static final int HIGHEST_PORT = 65_535;
    /** As many as the kernel's ip_vs_ftp takes. */
    private static final int MOST_FTP_PORTS = 8;

    @Option(names = {"-i", "--interface"}, split = ",", paramLabel = "IF",
        description = "Interface that packets come and go by; several times or comma-separated for more.")
    private List<String> interfaces = List.of();

    @Option(names = "--cores", paramLabel = "LIST", defaultValue = "",
        description = "Cores for the workers, one worker each, like 2-5 or 0,2. Default: chosen by the number of "
            + "queues.")
    private String cores;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "" + CONNECTIONS, converter = Quantity.class,
        description = "IPv4 connections that the table has room for; memory is taken at start, 23 bytes each. "
            + "Default: 1M.")
    private long connections;

    @Option(names = "--connections6", paramLabel = "N", converter = Quantity.class,
        description = "The same for IPv6, firewall marks and services of all ports, 46 bytes each. Default: a "
            + "quarter of --connections.")
    private Long connections6;

    @Option(names = "--idle", paramLabel = "spin|backoff|sleep", defaultValue = "backoff",
        description = "What a worker without packets does. Default: ${DEFAULT-VALUE}.")
    private Settings.IdleMode idle;

    @Option(names = "--busy-poll", description = "Prefer busy polling of the sockets (kernel 5.11 or newer).")
    private boolean busyPoll;

    @Option(names = "--socket", paramLabel = "PATH",
        description = "Control socket. Default: $" + ControlSocket.VARIABLE + ", or ringmaster.sock in "
            + "$RUNTIME_DIRECTORY, which systemd sets, or " + ControlSocket.DEFAULT_PATH + ".")
    private Path socket;

    @Option(names = "--socket-group", paramLabel = "GROUP",
        description = "Members of this group may use the socket (mode 0660): to look, unless --socket-group-may says "
            + "otherwise. Default: nobody but root and the user whom the director runs as.")
    private String socketGroup;

    @Option(names = "--socket-group-may", paramLabel = "look|change",
        description = "What members of --socket-group may do. Default: look.")
    private GroupMay groupMay;

    @Option(names = "--frame-bytes", paramLabel = "2048|4096",
        description = "Room for one packet. Default: the smaller one that the interfaces' MTU fits.")
    private int frameBytes;

    @Option(names = "--hand-back-rate", paramLabel = "N", defaultValue = "" + HAND_BACK_RATE,
        converter = Quantity.class,
        description = "Packets a second that are given back to the kernel at most. Default: 2k.")
    private long handBackRate;

    @Option(names = "--ftp-ports", paramLabel = "LIST", defaultValue = FTP_PORTS,
        description = "TCP ports of services whose FTP control connections are listened to, at most 8, like 21,2121: "
            + "through NAT, FTP needs that. Default: ${DEFAULT-VALUE}.")
    private String ftpPorts;

    @Option(names = NO_FTP, description = "Listen to none.")
    private boolean noFtp;

    @Option(names = "--xdp", paramLabel = "native|generic|auto", defaultValue = "auto",
        description = "How the XDP program is attached. Default: ${DEFAULT-VALUE}.")
    private Xdp xdp;

    @Option(names = "--vlans", paramLabel = "kept|known", defaultValue = "kept",
        description = "What becomes of packets with VLAN tags that no VLAN interface stands for: served, and answered "
            + "in their VLAN, or left to the kernel. Default: ${DEFAULT-VALUE}.")
    private Vlans vlans;

    @Option(names = "--config", paramLabel = "FILE",
        description = "What the director is to have from its start on (ringmaster config; docs/config.md), instead of "
            + "what --state has, and options of this command; the command line's count more. SIGHUP or ringmaster "
            + "config reload applies it again.")
    private Path config;

    @Option(names = "--state", paramLabel = "FILE",
        description = "Save services, marks and settings here at each change, and begin with them. Default: state.yaml "
            + "in $STATE_DIRECTORY, which systemd sets; without it nothing is saved.")
    private Path state;

    @Option(names = "--no-state", description = "Save nothing, and begin without services.")
    private boolean noState;

    @Spec
    private CommandSpec spec;

    private final Programs programs;
    private final Path defaultSocket;

    RunCommand(final Programs programs, final Path defaultSocket) {
        this.programs = programs;
        this.defaultSocket = defaultSocket == null ? ControlSocket.defaultPath() : defaultSocket;
    }

    @Override
    public Integer call() {
        refuseUnless(state == null || !noState, "--state and --no-state exclude each other.");
        final Optional<State> wanted = Optional.ofNullable(config).map(ConfigReload::read);
        final Map<String, String> ofFile = wanted.flatMap(State::start).map(this::take).orElse(Map.of());
        refuseUnless(!interfaces.isEmpty(), "Missing required option: '--interface=IF'" + (config == null ? ""
            : ", and " + config + " has no interfaces"));
        final Settings settings = settings();
        refuseUnlessAllowed(settings.cores());
        return programs.run(settings, new Kept(new Startup(Optional.ofNullable(config), StartOptions.words(settings),
            ofFile), wanted, noState ? Optional.empty() : Optional.ofNullable(state).or(Kept::defaultState)));
    }

    /** Takes over what a file says and the command line does not; all that the file says. */
    private Map<String, String> take(final Start start) {
        final StartOptions.Judged file = StartOptions.judge(start, config.toString());
        final ParseResult given = spec.commandLine().getParseResult();
        for (final OptionSpec option : file.line().getParseResult().matchedOptions()) {
            final OptionSpec own = spec.findOption(option.longestName());
            if (given.hasMatchedOption(own) || own.longestName().equals(NO_FTP) && given.hasMatchedOption("--ftp-ports")
                || own.longestName().equals("--ftp-ports") && noFtp) {
                spec.commandLine().getErr().println(StartOptions.word(option) + " of " + config
                    + " is not taken: the command line says otherwise.");
            } else {
                own.setValue(option.getValue());
            }
        }
        return StartOptions.words(file.settings());
    }

    /**
     * What the options say, as far as they can be judged without this machine.
     *
     * @throws ParameterException with the option that is wrong.
     */
    Settings settings() {
        refuseUnless(connections >= FEWEST_CONNECTIONS && connections <= MOST_CONNECTIONS,
            "--connections " + connections + " is outside 1k to 1000M.");
        refuseUnless(connections6 == null || connections6 >= FEWEST_CONNECTIONS && connections6 <= MOST_CONNECTIONS,
            "--connections6 " + connections6 + " is outside 1k to 1000M.");
        refuseUnless(frameBytes == 0 || frameBytes == 2048 || frameBytes == 4096,
            "--frame-bytes " + frameBytes + " is neither 2048 nor 4096, the sizes that AF_XDP takes.");
        refuseUnless(handBackRate >= 1 && handBackRate <= HIGHEST_RATE,
            "--hand-back-rate " + handBackRate + " is outside 1 to 10M.");
        refuseUnless(socketGroup != null || groupMay == null, "--socket-group-may needs --socket-group.");
        checkInterfaces();
        return new Settings(interfaces, parseCores(), connections,
            connections6 == null ? connections6(connections) : connections6, idle,
            busyPoll, socket == null ? defaultSocket : socket, frameBytes, (int) handBackRate, parseFtpPorts(),
            xdp.mode, new SocketAccess(Optional.ofNullable(socketGroup), groupMay == GroupMay.CHANGE),
            vlans == Vlans.KEPT);
    }

    /** Room for IPv6 where only that for IPv4 is said. */
    static long connections6(final long connections) {
        return Math.max(FEWEST_CONNECTIONS, connections / IPV6_SHARE);
    }

    private Set<Integer> parseFtpPorts() {
        refuseUnless(!noFtp || !spec.commandLine().getParseResult().hasMatchedOption("--ftp-ports"),
            "--ftp-ports and --no-ftp contradict each other; give one of them.");
        final Set<Integer> ports = new LinkedHashSet<>();
        for (final String part : noFtp ? new String[0] : ftpPorts.split(",", -1)) {
            final int port = part.matches("[0-9]{1,5}") ? Integer.parseInt(part) : 0;
            // Data connections lie one below.
            refuseUnless(port >= 2 && port <= HIGHEST_PORT, "--ftp-ports " + ftpPorts
                + " is no list of ports from 2 to 65535; write it like 21 or 21,2121.");
            refuseUnless(ports.add(port), "--ftp-ports " + ftpPorts + " names port " + port + " twice.");
        }
        refuseUnless(ports.size() <= MOST_FTP_PORTS, "--ftp-ports " + ftpPorts + " names " + ports.size()
            + " ports, and " + MOST_FTP_PORTS + " are possible.");
        return ports;
    }

    /** The words of --socket-group-may. */
    enum GroupMay {
        LOOK, CHANGE;

        /** As it is written, and completed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The words of --vlans. */
    enum Vlans {
        KEPT, KNOWN;

        /** As it is written, and completed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The words of --xdp. */
    enum Xdp {
        AUTO(Optional.empty()), NATIVE(Optional.of(AttachMode.NATIVE)), GENERIC(Optional.of(AttachMode.GENERIC));

        private final Optional<AttachMode> mode;

        Xdp(final Optional<AttachMode> mode) {
            this.mode = mode;
        }

        /** As it is written, and completed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private void checkInterfaces() {
        for (final String name : interfaces) {
            refuseUnless(!name.isEmpty() && name.length() <= LONGEST_INTERFACE_NAME && !name.matches(".*[/\\s].*"),
                "--interface '" + name + "' is no name of an interface; ip link lists them.");
        }
        refuseUnless(new HashSet<>(interfaces).size() == interfaces.size(),
            "--interface names an interface twice: " + String.join(",", interfaces) + ".");
    }

    private List<Integer> parseCores() {
        final List<Integer> list = new ArrayList<>();
        if (cores.isEmpty()) {
            return list;
        }
        for (final String part : cores.split(",", -1)) {
            final Matcher matcher = RANGE.matcher(part);
            refuseUnless(matcher.matches(), "--cores " + cores + " is no list of cores; write it like 0,2 or 2-5.");
            final int first = Integer.parseInt(matcher.group(1));
            final int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            refuseUnless(first <= last, "--cores " + cores + " has a range that ends before it begins.");
            for (int core = first; core <= last; core++) {
                list.add(core);
            }
        }
        refuseUnless(new HashSet<>(list).size() == list.size(), "--cores " + cores + " names a core twice.");
        return list;
    }

    private void refuseUnlessAllowed(final List<Integer> list) {
        final BitSet allowed = CpuAffinity.allowed();
        for (final int core : list) {
            refuseUnless(allowed.get(core), "--cores names core " + core + ", but this process may use only "
                + allowed + ".");
        }
    }

    /** A sentence begins with the option that it is about. */
    private void refuseUnless(final boolean right, final String sentence) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), sentence, spec.findOption(sentence.split(" ")[0]), "");
        }
    }
}
