package io.ringmaster.cli;

import io.ringmaster.control.RefusedException;
import io.ringmaster.control.TableChecks;
import io.ringmaster.control.TableReportText;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.ExitCode;
import io.ringmaster.verb.Verb;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ringmaster table}. */
@Command(name = "table", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = "Look into the connection table of the running director.",
    synopsisSubcommandLabel = "COMMAND", subcommands = TableCommand.Check.class,
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster table check", "  ringmaster table check --json", "",
        "Exit codes: 0 clean; 1 something is wrong; 2 wrong words, or no director."})
final class TableCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }

    /** {@code table check}. */
    @Command(name = "check",
        description = {"Prove the rules of the connection table while the director goes on: each key there once and "
            + "within reach, no entry of an unknown service or real server, counts equal to what is there.",
            "Counts move while the table is looked at: what differs is looked at again, and is a fault only if it "
            + "differs by more than moved, three times. Workers are not held up; a table for 10 million connections "
            + "takes seconds."},
        footerHeading = "%nExamples:%n",
        footer = {"  ringmaster table check", "  ringmaster table check --json", "",
            "Exit codes: 0 clean; 1 something is wrong, or another check is running; 2 wrong words, or no director."})
    static final class Check extends Verb {
        /** One at a time, since each takes some megabytes. */
        private static final Semaphore ONE = new Semaphore(1);
        private static final long PROGRESS_NS = TimeUnit.MILLISECONDS.toNanos(200);
        /** Between two steps while the check itself waits to look again. */
        private static final long WAIT_MS = 5;

        @Override
        public int run(final Call call) throws IOException {
            if (!ONE.tryAcquire()) {
                throw new RefusedException("Another check of the table is running; try again when it is done.");
            }
            try {
                return check(call);
            } finally {
                ONE.release();
            }
        }

        private int check(final Call call) throws IOException {
            final TableChecks check = call.ask(parts -> new TableChecks(parts.table()::checker));
            long toldNs = System.nanoTime();
            for (int done = 0; done >= 0; done = call.ask(_ -> check.done() ? -1 : check.step())) {
                if (done == 0) {
                    call.pause(WAIT_MS);
                }
                if (System.nanoTime() - toldNs >= PROGRESS_NS) {
                    toldNs = System.nanoTime();
                    call.progress(call.ask(_ -> check.progress()));
                }
            }
            final TableReportText report = call.ask(_ -> check.report());
            call.print(json() ? report.json() : report.text());
            return report.clean() ? ExitCode.DONE : 1;
        }
    }
}
