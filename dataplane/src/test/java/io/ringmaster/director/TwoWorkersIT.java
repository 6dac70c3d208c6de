package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.Commands;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.DemoServer;
import io.ringmaster.demo.HttpLoad;
import io.ringmaster.demo.LoadResult;
import io.ringmaster.demo.UdpLoad;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.stats.Counter;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two workers, two queues on each interface, one connection table: a packet may come by either queue. */
class TwoWorkersIT {
    private static final int REQUESTS = Full.RUN ? 10_002 : 600;
    private static final int WANDER_SEC = 4;
    private static final int PORT = 9_000;
    private Lab lab;
    private InProcessDirector director;
    private String vip;

    @BeforeEach
    void start() throws Exception {
        lab = Lab.withoutDirector(DemoNetwork.Options.defaults().withQueues(2));
        try {
            director = new InProcessDirector(lab.network(), List.of(0, 1));
            vip = lab.vip(ForwardingMethod.MASQUERADING);
            for (final String protocol : List.of("-t", "-u")) {
                director.ipvsadm("-A", protocol, vip + ":80", "-s", "rr");
                for (int i = 1; i <= 3; i++) {
                    director.ipvsadm("-a", protocol, vip + ":80", "-r", lab.network().rip(i) + ":8080", "-m");
                }
            }
        } catch (final Exception | Error e) {
            stop();
            throw e;
        }
    }

    @AfterEach
    void stop() throws Exception {
        try {
            if (director != null) {
                director.close();
            }
        } finally {
            lab.close();
        }
    }

    @Test
    void aReplyOnTheOtherQueueIsTranslated() {
        // All that comes from clients goes to queue 0, all from real servers to queue 1.
        sendBy(DemoNetwork.FRONT, 0);
        sendBy(DemoNetwork.BACK, 1);
        load(64);
        assertEquals(0, director.count(1, Counter.SENT_TO_REAL_SERVER), "clients are worker 0's");
        assertEquals(0, director.count(0, Counter.SENT_TO_CLIENT), "replies are worker 1's");
        assertTrue(director.count(0, Counter.SENT_TO_REAL_SERVER) > 3L * REQUESTS);
        assertTrue(director.count(1, Counter.SENT_TO_CLIENT) > 3L * REQUESTS);
        // Counted at the end of a cycle, a moment after the packet has left.
        RunningDirector.await(() -> director.count(0, Counter.CONNECTIONS_CREATED) >= REQUESTS + REQUESTS);
        final long made = director.count(0, Counter.CONNECTIONS_CREATED);
        assertEquals(REQUESTS + REQUESTS, made, "each connection was made once");
        assertEquals(0, director.count(0, Counter.BACK_NO_CONNECTION) + director.count(1, Counter.BACK_REAL_SERVER));
    }

    @Test
    void aConnectionWhosePacketsWanderBetweenQueuesStaysOne() throws Exception {
        final String service = vip + ":" + PORT;
        director.ipvsadm("-A", "-t", service, "-s", "rr");
        director.ipvsadm("-a", "-t", service, "-r", lab.network().rip(1) + ":" + PORT, "-m");
        try (LongDownload download = LongDownload.start(lab.network(), 1, PORT, new InetSocketAddress(vip, PORT),
            WANDER_SEC)) {
            for (int turn = 0; turn < 4 * WANDER_SEC; turn++) {
                sendBy(DemoNetwork.FRONT, turn % 2);
                sendBy(DemoNetwork.BACK, turn / 2 % 2);
                Thread.sleep(200);
            }
            System.out.println("A download over both queues: " + download.await(WANDER_SEC + 60));
        }
        for (int worker = 0; worker < 2; worker++) {
            assertTrue(director.count(worker, Counter.SENT_TO_REAL_SERVER) > 0, "worker " + worker + ", there");
            assertTrue(director.count(worker, Counter.SENT_TO_CLIENT) > 0, "worker " + worker + ", back");
            assertEquals(0, director.count(worker, Counter.BACK_NO_CONNECTION));
            assertEquals(0, director.count(worker, Counter.BACK_REAL_SERVER));
        }
        assertEquals(1, director.count(0, Counter.CONNECTIONS_CREATED)
            + director.count(1, Counter.CONNECTIONS_CREATED));
        assertTrue(director.said().stream().noneMatch(line -> line.contains("Defect")), director.said()::toString);
    }

    /** Requests and datagrams, all answered; each worker schedules its own rounds, so shares are off by 2 at most. */
    private void load(final int parallel) {
        final LoadResult http = new HttpLoad(lab.network(), vip, DemoServer.PORT)
            .get(REQUESTS, parallel, number -> number % 5 == 0 ? 50_000 : 100);
        Full.tell("two workers, HTTP", http);
        final LoadResult udp = new UdpLoad(lab.network(), vip, DemoServer.PORT)
            .echo(REQUESTS, 4, number -> 1 + number % 1472);
        Full.tell("two workers, UDP", udp);
        for (final LoadResult result : List.of(http, udp)) {
            assertEquals(List.of(), result.failures(), () -> director.said().toString());
            for (final Map.Entry<String, Integer> share : result.shares().entrySet()) {
                assertEquals(REQUESTS / 3.0, share.getValue(), 2.0, result.shares()::toString);
            }
        }
        assertTrue(director.ipvsadm("-Ln", "--stats").contains(vip));
    }

    /** The switch sends by this queue of a port whatever CPU it is on (XPS), so the director receives on it. */
    private void sendBy(final String port, final int queue) {
        final String all = cpus();
        lab.network().exec(lab.network().switchboard(), "sh", "-c", "cd /sys/class/net/" + port + "/queues"
            + " && echo " + all + " > tx-" + queue + "/xps_cpus && echo 0 > tx-" + (1 - queue) + "/xps_cpus");
    }

    /** The mask of all CPUs that this kernel knows, as sysfs takes it. */
    private static String cpus() {
        final String possible = Commands.run("cat", "/sys/devices/system/cpu/possible").strip();
        final int count = 1 + Integer.parseInt(possible.substring(possible.lastIndexOf('-') + 1));
        final StringBuilder mask = new StringBuilder();
        for (int left = count; left > 0; left -= 32) {
            final String word = Integer.toHexString(left >= 32 ? -1 : (1 << left) - 1);
            mask.insert(0, word + (mask.isEmpty() ? "" : ","));
        }
        return mask.toString();
    }
}
