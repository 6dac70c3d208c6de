package io.ringmaster.cli;

import io.ringmaster.cli.ipvsadm.ProcTables;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.UsageException;
import io.ringmaster.verb.Verb;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ringmaster proc}. */
@Command(name = "proc",
    description = "Print a table as the kernel's IPVS shows it in /proc/net, for programs that read it there.",
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster proc ip_vs", "  ringmaster proc ip_vs_conn | awk '$8 == \"ESTABLISHED\"' | wc -l", "",
        "Exit codes: 0 done; 2 wrong words, or no director."})
final class ProcCommand extends Verb {
    @Parameters(index = "0", paramLabel = "TABLE",
        description = "ip_vs (services and real servers), ip_vs_conn (connections), ip_vs_stats (totals and rates) or "
            + "ip_vs_stats_percpu (the same of each worker).")
    private String name;

    @Override
    public int run(final Call call) throws IOException {
        if (json()) {
            throw new UsageException("The kernel's tables have one form; as JSON all of it comes from ringmaster "
                + "ipvsadm -L --json and ipvsadm -Lc --json.");
        }
        switch (name.toLowerCase(Locale.ROOT)) {
            case "ip_vs" -> call.print(call.ask(parts -> new ProcTables(parts.table()).services()));
            case "ip_vs_conn" -> connections(call);
            case "ip_vs_stats" -> call.print(call.ask(parts -> new ProcTables(parts.table()).totals()));
            case "ip_vs_stats_percpu" -> call.print(call.ask(parts -> new ProcTables(parts.table()).workers()));
            default -> throw new UsageException("There is no table " + name + "; there are ip_vs, ip_vs_conn, "
                + "ip_vs_stats and ip_vs_stats_percpu.");
        }
        return 0;
    }

    private static void connections(final Call call) throws IOException {
        final Iterator<String> pieces = call.ask(parts -> new ProcTables(parts.table()).connections());
        while (call.ask(_ -> pieces.hasNext())) {
            call.print(call.ask(_ -> pieces.next()));
        }
    }
}
