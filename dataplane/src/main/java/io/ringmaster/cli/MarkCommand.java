package io.ringmaster.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stands in lists of commands; the command itself goes to the director unparsed (see {@link Main}). */
@Command(name = "mark", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = {"Rules that give packets a firewall mark, for virtual services that are known by one "
        + "(ipvsadm -A -f MARK). Packets do not meet netfilter before the director, so what iptables' MARK target does "
        + "for the kernel's IPVS is done here.",
        "If several rules are true of a packet, the one that was added last counts. A mark counts more than a service "
        + "of the packet's address and port. Packets to the director's own addresses are taken, too, if a rule says "
        + "so: leave out the ports that you need yourself."},
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster mark add --destination 10.5.0.0/16 --protocol tcp --port 80,443,8000-8999 --mark 1",
        "  ringmaster ipvsadm -A -f 1 -s rr -p 300", "  ringmaster ipvsadm -a -f 1 -r 10.0.1.11 -m",
        "  ringmaster mark del --destination 10.5.0.0/16 --protocol tcp --port 80,443,8000-8999 --mark 1", "",
        "Exit codes: 0 done; 1 no such rule, or one that is refused, nothing was changed; 2 wrong words, or no "
            + "director."})
final class MarkCommand implements Callable<Integer> {
    @Parameters(paramLabel = "add|del|list", description = "Add a rule, delete one by the same words, or list all "
        + "as the words that add them.")
    private String verb;

    @Option(names = {"-d", "--destination"}, paramLabel = "PREFIX", description = "Where packets go: 10.5.0.0/16, "
        + "2001:db8:5::/64.")
    private String destination;

    @Option(names = {"-s", "--source"}, paramLabel = "PREFIX", description = "Where they come from; anywhere without.")
    private String source;

    @Option(names = {"-i", "--interface"}, paramLabel = "NAME", description = "By which interface; any without.")
    private String interfaceName;

    @Option(names = {"-p", "--protocol"}, paramLabel = "tcp|udp|sctp", description = "All of them without.")
    private String protocol;

    @Option(names = "--port", paramLabel = "PORTS", description = "Destination ports: 80,443,8000-8999. All without.")
    private List<String> ports;

    @Option(names = {"-m", "--mark"}, paramLabel = "MARK", description = "The mark, 1 to 4294967295.")
    private String mark;

    @Option(names = "--json", description = "With list: for programs.")
    private boolean json;

    @Override
    public Integer call() {
        throw new IllegalStateException("ringmaster mark is answered by a running director.");
    }
}
