package io.ringmaster.director;

import io.ringmaster.bpf.DirectorProgram;
import io.ringmaster.bpf.XdpQuestion;
import io.ringmaster.bpf.XdpReason;
import io.ringmaster.explain.Judge;
import io.ringmaster.sys.SystemCallException;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks the kernel itself what the XDP program would do; loads what it needs for that when it is first asked. */
final class LiveJudge implements Judge, AutoCloseable {
    /** Each interface has this one, and a socket for each that it has: any would answer the same. */
    private static final int QUEUE = 0;

    private final DirectorProgram program;
    private final Consumer<String> log;
    private XdpQuestion question;
    private boolean refused;
    private boolean closed;

    LiveJudge(final DirectorProgram program, final Consumer<String> log) {
        this.program = program;
        this.log = log;
    }

    @Override
    public synchronized Optional<XdpReason> judge(final int interfaceIndex, final byte[] frame) {
        if (question == null && !refused && !closed) {
            load();
        }
        return question == null ? Optional.empty() : question.ask(interfaceIndex, QUEUE, frame);
    }

    private void load() {
        try {
            question = program.question();
        } catch (final SystemCallException e) {
            refused = true;
            log.accept(e.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (question != null) {
            question.close();
            question = null;
        }
    }
}
