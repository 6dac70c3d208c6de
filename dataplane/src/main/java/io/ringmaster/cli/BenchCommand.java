package io.ringmaster.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Stands in lists of commands; the launcher runs it from module bench, which the program itself does not contain. */
@Command(name = "bench",
    description = "Measure the packet path, and a director end to end, beside C and the kernel; from a source tree.",
    footerHeading = "%nExamples:%n",
    footer = {"  ./ringmaster bench pipeline --connections 1m --method nat --peer c",
        "  ./ringmaster bench forward --method dr --peer nftables --json result.json",
        "  ./ringmaster bench latency --rate 20k --peer c --hgrm result.hgrm", "",
        "Exit codes: 0 done; 1 it cannot be here, for the reason told, or found a fault; 2 wrong words."})
final class BenchCommand implements Callable<Integer> {
    /** Taken, so that the answer is where to run it. */
    @Unmatched
    private List<String> words;

    @Override
    public Integer call() {
        throw new IllegalStateException("Measurements are run from a source tree by its launcher: ./ringmaster bench");
    }
}
