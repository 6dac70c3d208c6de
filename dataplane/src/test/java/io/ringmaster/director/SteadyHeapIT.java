package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ringmaster.demo.Commands;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.LoadResult;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Traffic makes no garbage: workers allocate nothing, each collection is accounted for by what other threads make in
 * their own time, and after all of it no more lives on the heap than before. {@code -Dringmaster.heap.seconds=N} for
 * another length.
 */
class SteadyHeapIT {
    private static final int SECONDS = Integer.getInteger("ringmaster.heap.seconds", Full.RUN ? 600 : 15);
    private static final int IDLE_SECONDS = Math.clamp(SECONDS / 4, 5, 60);
    private static final long GROWTH_BYTES = 1 << 20;
    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");
    private static final Pattern ALLOCATED = Pattern.compile("\"([^\"]+)\" .* allocated=(\\d+)([BKMG])");
    private static final int WARM_UP_ROUNDS = 20;
    /** Far too little for a collection: what a method may take that is compiled once more. */
    private static final long WORKER_BYTES = 1 << 20;
    /** A little less than the launcher's heap has for new objects. */
    private static final long EDEN_BYTES = 30 << 20;
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;

    /**
     * What a director's memory is like at a moment.
     *
     * @param usedBytes   of the heap.
     * @param collections so far.
     * @param workerBytes that workers and the hand-back thread have ever allocated.
     * @param otherBytes  that all other threads have.
     */
    private record Memory(long usedBytes, long collections, long workerBytes, long otherBytes) {
    }

    @Test
    void packetsMakeNoGarbage(@TempDir final Path folder) throws Exception {
        final Path log = folder.resolve("gc.log");
        try (Lab lab = Lab.withoutDirector(DemoNetwork.Options.defaults())) {
            lab.own(RunningDirector.startWith(lab.network(), List.of("-Xlog:gc:file=" + log)));
            lab.service("-t", NAT, "rr", 1, 1, 1);
            lab.service("-u", NAT, "rr", 1, 1, 1);
            final String pid = Long.toString(lab.director().process().pid());
            warmUp(lab, pid, log);
            collect(pid);
            final Memory start = memory(pid, log);
            Thread.sleep(TimeUnit.SECONDS.toMillis(IDLE_SECONDS));
            final Memory idle = memory(pid, log);
            final long before = received(lab);
            load(lab, SECONDS);
            final long packets = received(lab) - before;
            final Memory loaded = memory(pid, log);
            collect(pid);
            final Memory end = memory(pid, log);
            System.out.println(packets + " packets in " + SECONDS + " s; before " + IDLE_SECONDS + " s idle " + start
                + "\nafter them " + idle + "\nafter the load " + loaded + "\nafter a collection " + end + "\n"
                + Files.readString(log));
            final long collections = loaded.collections - idle.collections;
            final long otherBytes = loaded.otherBytes - idle.otherBytes;
            assertTrue(loaded.workerBytes - idle.workerBytes < WORKER_BYTES, idle + " to " + loaded);
            assertTrue(collections <= 1 + otherBytes / EDEN_BYTES, idle + " to " + loaded);
            assertTrue(end.usedBytes - start.usedBytes < GROWTH_BYTES, start + " to " + end);
            lab.assertSound();
        }
    }

    /** Until a round of packets makes no garbage: before the compiler has seen it all, some code does. */
    private static void warmUp(final Lab lab, final String pid, final Path log) throws IOException {
        long before = -1;
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            load(lab, 3);
            final long now = memory(pid, log).workerBytes;
            System.out.println("workers have allocated " + now + " bytes");
            if (now == before) {
                return;
            }
            before = now;
        }
        throw new AssertionError("workers still allocate after " + WARM_UP_ROUNDS + " rounds of packets");
    }

    private static void load(final Lab lab, final int seconds) {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        int requests = 0;
        while (System.nanoTime() < endNs) {
            final LoadResult http = lab.http(NAT).get(300, 8, number -> number % 10 == 0 ? 200_000 : 1_000);
            assertEquals(List.of(), http.failures(), lab.director()::said);
            final LoadResult udp = lab.udp(NAT).echo(300, 4, number -> 1 + number);
            assertEquals(List.of(), udp.failures(), lab.director()::said);
            requests += http.answered() + udp.answered();
        }
        System.out.println(requests + " requests in " + seconds + " s");
    }

    private static void collect(final String pid) {
        Commands.run(tool("jcmd"), pid, "GC.run");
    }

    private static Memory memory(final String pid, final Path log) throws IOException {
        final Matcher used = USED.matcher(Commands.run(tool("jcmd"), pid, "GC.heap_info"));
        long usedKiB = 0;
        for (int generation = 0; generation < 2; generation++) {
            assertTrue(used.find(), "the serial collector tells of two generations");
            usedKiB += Long.parseLong(used.group(1));
        }
        long workerBytes = 0;
        long otherBytes = 0;
        final Matcher thread = ALLOCATED.matcher(Commands.run(tool("jcmd"), pid, "Thread.print", "-e=true"));
        while (thread.find()) {
            final long bytes = Long.parseLong(thread.group(2)) << 10 * "BKMG".indexOf(thread.group(3));
            if (thread.group(1).matches("worker-.*|hand-back")) {
                workerBytes += bytes;
            } else {
                otherBytes += bytes;
            }
        }
        assertTrue(workerBytes > 0, "workers are named");
        return new Memory(usedKiB << 10, Files.readString(log).lines().filter(line -> line.contains("Pause")).count(),
            workerBytes, otherBytes);
    }

    private static String tool(final String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private static long received(final Lab lab) throws Exception {
        final String json = ControlClient.ask(lab.director().socket(), List.of("drops", "--json"), "").out();
        boolean wanted = false;
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.VALUE_STRING && "reason".equals(parser.currentName())) {
                    wanted = "packets-received".equals(parser.getText());
                } else if (wanted && "count".equals(parser.currentName())
                    && parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                    return parser.getLongValue();
                }
            }
        }
        throw new AssertionError(json);
    }
}
