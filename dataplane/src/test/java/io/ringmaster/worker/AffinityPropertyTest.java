package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random rules and traffic: any two packets of a connection go to one real server while it lives, and any two
 * connections of a persistent client while its template lives, whatever is added, removed, weighted anew or scheduled
 * otherwise meanwhile. The seed is printed by whatever fails.
 */
class AffinityPropertyTest {
    private static final String VIP = "10.1.0.100:80";
    private static final List<String> SCHEDULERS = List.of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh",
        "sed", "nq", "fo", "ovf", "mh", "twos");
    private static final List<String> METHODS = List.of("-m", "-g", "-i");
    private static final int FIRST = 11;
    private static final int LAST = 18;
    private static final int STEPS = 250;
    /** Less than half-open connections and templates last, over all steps. */
    private static final long STEP_MS = 100;
    private static final int NONE = -1;

    /** One run: a director, what there is, and where everybody went first. */
    private static final class Scene implements AutoCloseable {
        private final SplittableRandom random;
        private final TestDirector director;
        private final String options;
        private final Map<Integer, String> methods = new HashMap<>();
        private final TreeSet<Integer> servers = new TreeSet<>();
        private final Map<String, Integer> places = new HashMap<>();

        Scene(final long seed, final String options) {
            this.random = new SplittableRandom(seed);
            this.director = new TestDirector(TestDirector.Shape.DEFAULT.workers(1 + random.nextInt(2)));
            this.options = options;
            director.rules("-A -t " + VIP + " -s " + one(SCHEDULERS) + options);
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                add(random.nextInt(FIRST, LAST + 1));
            }
        }

        private String one(final List<String> of) {
            return of.get(random.nextInt(of.size()));
        }

        private void add(final int server) {
            if (servers.add(server)) {
                // A connection keeps its method, so that of a server does not change either when it comes back.
                rule("-a", server, random.nextInt(1, 6));
            }
        }

        private void rule(final String verb, final int server, final int weight) {
            director.rules(verb + " -t " + VIP + " -r 10.2.0." + server + ":80 "
                + methods.computeIfAbsent(server, any -> one(METHODS)) + " -w " + weight);
        }

        private int some() {
            return new ArrayList<>(servers).get(random.nextInt(servers.size()));
        }

        /** Some change that leaves all connections where they are, or takes a real server away. */
        void change() {
            switch (random.nextInt(6)) {
                case 0 -> director.rules("-E -t " + VIP + " -s " + one(SCHEDULERS) + options);
                case 1 -> {
                    if (servers.size() > 1) {
                        final int gone = some();
                        servers.remove(gone);
                        director.rules("-d -t " + VIP + " -r 10.2.0." + gone + ":80");
                    }
                }
                case 2, 3 -> add(random.nextInt(FIRST, LAST + 1));
                default -> rule("-e", some(), random.nextInt(0, 6));
            }
        }

        /** Sends a segment by any worker; the real server that got it, or NONE. */
        int send(final String client, final int flags) {
            final List<TestDirector.Sent> sent = director.send(random.nextInt(director.workers()), 0,
                Frames.tcp(TestNetwork.CLIENT_ROUTER, TestNetwork.MAC_0, client, VIP, flags, random.nextInt(20)));
            assertTrue(sent.size() <= 1, () -> sent.size() + " packets for one");
            // The MAC of a real server of this network ends in its number, by whatever method it is reached.
            return sent.isEmpty() || sent.getFirst().frame()[3] != 2 ? NONE : sent.getFirst().frame()[5];
        }

        void elapse() {
            director.elapse(random.nextLong(STEP_MS));
        }

        @Override
        public void close() {
            director.close();
        }
    }

    @Property(tries = 40)
    void packetsOfAConnectionGoToOneServer(@ForAll final long seed) {
        int compared = 0;
        try (Scene scene = new Scene(seed, "")) {
            for (int step = 0; step < STEPS; step++) {
                final int event = scene.random.nextInt(10);
                final List<String> clients = new ArrayList<>(scene.places.keySet());
                if (event < 2) {
                    scene.change();
                } else if (event < 5 || clients.isEmpty()) {
                    final String client = "10.9." + scene.random.nextInt(8) + "." + scene.random.nextInt(1, 250) + ":"
                        + (5000 + step);
                    final int server = scene.send(client, SYN);
                    if (server != NONE) {
                        scene.places.put(client, server);
                    }
                } else {
                    final String client = scene.one(clients);
                    final int first = scene.places.get(client);
                    // Of a removed real server's connections packets are dropped, and go on when it is there again.
                    assertEquals(scene.servers.contains(first) ? first : NONE, scene.send(client, ACK), client);
                    compared++;
                }
                scene.elapse();
            }
        }
        assertTrue(compared > STEPS / 5, "only " + compared + " packets were compared");
    }

    @Property(tries = 40)
    void connectionsOfAPersistentClientGoToOneServer(@ForAll final long seed) {
        int compared = 0;
        try (Scene scene = new Scene(seed, " -p 300 -M 255.255.255.0")) {
            for (int step = 0; step < STEPS; step++) {
                if (scene.random.nextInt(10) < 2) {
                    scene.change();
                    // Whose real server is gone gets another, and a template of its own for that.
                    scene.places.values().removeIf(server -> !scene.servers.contains(server));
                } else {
                    final String network = "10.9." + scene.random.nextInt(12);
                    final int server = scene.send(network + "." + scene.random.nextInt(1, 250) + ":" + (5000 + step),
                        SYN);
                    final Integer first = scene.places.get(network);
                    if (first != null) {
                        assertEquals(first, server, network);
                        compared++;
                    } else if (server != NONE) {
                        scene.places.put(network, server);
                    }
                }
                scene.elapse();
            }
        }
        assertTrue(compared > STEPS / 5, "only " + compared + " connections were compared");
    }
}
