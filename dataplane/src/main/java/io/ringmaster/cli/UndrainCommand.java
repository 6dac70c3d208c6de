package io.ringmaster.cli;

import io.ringmaster.cli.DrainedServers.Target;
import io.ringmaster.control.RealServer;
import io.ringmaster.control.RefusedException;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.Verb;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringmaster undrain}. */
@Command(name = "undrain",
    description = "Give a real server of weight 0 the last weight back that it had before.",
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster undrain 10.77.2.11", "  ringmaster undrain 10.77.2.11:8080 --service 10.77.1.100:8000", "",
        "Exit codes: 0 done; 1 refused; 2 wrong words, or no director; 3 not permitted."})
final class UndrainCommand extends Verb {
    @Parameters(paramLabel = "RS", converter = Place.Reader.class,
        description = "Address of the real server, of all its ports or with one.")
    private Place realServer;

    @Option(names = "--service", paramLabel = "SERVICE", converter = WantedService.Reader.class,
        description = "In this virtual service only (VIP:PORT, VIP:PORT/udp, mark:N); may be given several times.")
    private List<WantedService> services = new ArrayList<>();

    /** A real server with the weight it has now. */
    private record Restored(Target target, int weight, boolean changed) {
    }

    @Override
    public int run(final Call call) throws IOException {
        for (final Restored one : call.change(parts -> restore(parts.table()))) {
            if (json()) {
                call.json(json -> {
                    json.writeStringField("realServer",
                        Place.text(one.target.server().address(), one.target.server().port()));
                    json.writeStringField("service", WantedService.text(one.target.service()));
                    json.writeNumberField("weight", one.weight);
                    json.writeBooleanField("changed", one.changed);
                });
            } else {
                call.println(one.target + (one.changed ? " has weight " : " had a weight already: ") + one.weight
                    + (one.changed ? " again." : "."));
            }
        }
        return 0;
    }

    /** All are checked before any is changed. */
    private List<Restored> restore(final ServiceTable table) {
        final List<Restored> all = new ArrayList<>();
        for (final Target target : DrainedServers.find(table, realServer, services)) {
            final RealServer server = target.in(table).orElseThrow();
            final int weight = server.settings().weight() != 0 ? server.settings().weight() : server.lastWeight();
            if (weight == 0) {
                throw new RefusedException(target + " has had no weight but 0; set one with ipvsadm -e ... -w. "
                    + "Nothing was changed.");
            }
            all.add(new Restored(target, weight, server.settings().weight() == 0));
        }
        table.together(() -> all.stream().filter(Restored::changed).forEach(one ->
            table.editServer(one.target.service(), one.target.server(),
                one.target.in(table).orElseThrow().settings().withWeight(one.weight))));
        return all;
    }
}
