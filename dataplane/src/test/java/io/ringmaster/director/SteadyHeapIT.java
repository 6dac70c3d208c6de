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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Traffic makes no garbage: the director's heap fills as slowly under load as it does idle, no packet causes a
 * collection, and after all of it no more lives on the heap than before. {@code -Dringmaster.heap.seconds=N} for
 * another length.
 */
class SteadyHeapIT {
    private static final int SECONDS = Integer.getInteger("ringmaster.heap.seconds", Full.RUN ? 600 : 20);
    private static final int IDLE_SECONDS = Math.clamp(SECONDS / 4, 5, 60);
    private static final long GROWTH_BYTES = 1 << 20;
    private static final double BYTES_PER_PACKET = 0.5;
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;

    /** The heap as jstat tells it: read from shared memory, so that looking changes nothing. */
    private record Heap(long usedBytes, long collections) {
    }

    @Test
    void packetsMakeNoGarbage() throws Exception {
        final Path log = Files.createTempFile("ringmaster-gc-", ".log");
        try (Lab lab = Lab.withoutDirector(DemoNetwork.Options.defaults())) {
            lab.own(RunningDirector.startWith(lab.network(), List.of("-Xlog:gc:file=" + log)));
            lab.service("-t", NAT, "rr", 1, 1, 1);
            lab.service("-u", NAT, "rr", 1, 1, 1);
            // What is compiled and loaded the first time is not the packets' doing.
            load(lab, 5);
            final String pid = Long.toString(lab.director().process().pid());
            collect(pid);
            final Heap start = heap(pid);
            Thread.sleep(TimeUnit.SECONDS.toMillis(IDLE_SECONDS));
            final Heap idle = heap(pid);
            final long before = received(lab);
            final Heap loadStart = heap(pid);
            load(lab, SECONDS);
            final Heap loaded = heap(pid);
            final long packets = received(lab) - before;
            collect(pid);
            final Heap end = heap(pid);
            final long idlePerSec = (idle.usedBytes - start.usedBytes) / IDLE_SECONDS;
            System.out.println("Heap: idle +" + idlePerSec + " B/s; under load " + loadStart + " to " + loaded + " in "
                + SECONDS + " s and " + packets + " packets; living before " + start + ", after " + end + "\n"
                + Files.readString(log));
            // A collection now and then is due to the control thread's own garbage, as when idle: never to packets.
            final long collections = loaded.collections - loadStart.collections;
            final long youngBytes = 30L << 20;
            assertTrue(collections <= 1 + idlePerSec * SECONDS / youngBytes, "collections: " + collections);
            if (collections == 0) {
                final double perPacket = (loaded.usedBytes - loadStart.usedBytes - (double) idlePerSec * SECONDS)
                    / packets;
                assertTrue(perPacket < BYTES_PER_PACKET, "bytes of garbage per packet: " + perPacket);
            }
            assertTrue(end.usedBytes - start.usedBytes < GROWTH_BYTES, start + " to " + end);
            lab.assertSound();
        } finally {
            Files.deleteIfExists(log);
        }
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

    private static Heap heap(final String pid) {
        final String[] lines = Commands.run(tool("jstat"), "-gc", pid).strip().split("\n");
        final List<String> names = List.of(lines[0].strip().split("\\s+"));
        final List<String> values = List.of(lines[1].strip().split("\\s+"));
        double usedKiB = 0;
        for (final String space : List.of("S0U", "S1U", "EU", "OU")) {
            usedKiB += Double.parseDouble(values.get(names.indexOf(space)));
        }
        return new Heap((long) (usedKiB * 1024), (long) Double.parseDouble(values.get(names.indexOf("YGC")))
            + (long) Double.parseDouble(values.get(names.indexOf("FGC"))));
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
