package io.ringmaster.bench.wire;

import io.ringmaster.demo.Commands;

/** Stops a process between its rounds and lets it go on, so that one that spins does not take the other's core. */
final class Signals {
    private Signals() {
    }

    static void stop(final Process process) {
        send("STOP", process);
    }

    static void goOn(final Process process) {
        send("CONT", process);
    }

    private static void send(final String signal, final Process process) {
        // the shell's own kill: not every machine has the program
        Commands.run("sh", "-c", "kill -" + signal + " " + process.pid());
    }
}
