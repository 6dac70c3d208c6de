package io.ringmaster.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.connection.WideKey;
import io.ringmaster.control.HostAddress;
import io.ringmaster.explain.Course;
import io.ringmaster.explain.Entry;
import io.ringmaster.explain.Explainer;
import io.ringmaster.explain.Explanation;
import io.ringmaster.explain.Form;
import io.ringmaster.explain.MadePacket;
import io.ringmaster.explain.Pieces;
import io.ringmaster.explain.Question;
import io.ringmaster.explain.Scene;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random rules and packets: each packet is explained, then sent, and what was told is what happens: its end, what
 * leaves, byte by byte, and the connections that there are then. A twin that was never asked does the same and has the
 * same connections and counts: asking changes nothing. The seed is printed by whatever fails.
 */
class ExplainPropertyTest {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;
    private static final int IPV6_FRAGMENT = 44;
    private static final long MS_NS = 1_000_000;
    private static final int STEPS = 120;
    private static final int NUMBERS = 64;
    /** All but twos, which draws at random. */
    private static final List<String> SCHEDULERS = List.of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh",
        "sed", "nq", "fo", "ovf", "mh");
    private static final List<String> METHODS = List.of("-m", "-m", "-m", "-g", "-i",
        "-i --tun-type gue --tun-port 6080", "-i --tun-type gre --tun-csum");
    private static final List<String> PERSISTENCE = List.of("", "", "", " -p 5", " -p 50 -M 255.255.255.0");
    private static final List<String> SETTINGS = List.of("expire_nodest_conn", "expire_quiescent_template",
        "nat_icmp_send", "sloppy_tcp", "cache_bypass");
    private static final int[] FLAGS = {Frames.SYN, Frames.SYN, Frames.SYN | Frames.ACK, Frames.ACK, Frames.ACK,
        Frames.FIN | Frames.ACK, Frames.RST, 0};
    private static final int[] CHUNKS = {1, 1, 0, 6, 7, 10};

    /** A director that is asked, one that is not, and the rules of both. */
    private static final class Both implements AutoCloseable {
        private final SplittableRandom random;
        private final int workers;
        private final boolean ipv6;
        private final TestDirector asked;
        private final TestDirector twin;
        private final Explainer explainer;
        private final List<String> services = new ArrayList<>();
        private final List<String> servers = new ArrayList<>();

        Both(final long seed) {
            random = new SplittableRandom(seed);
            workers = 1 + random.nextInt(2);
            ipv6 = random.nextInt(3) == 0;
            final TestDirector.Shape shape = TestDirector.Shape.DEFAULT.twoArmed(1500, random.nextInt(576, 1501))
                .workers(workers).seed(seed);
            asked = new TestDirector(shape);
            twin = new TestDirector(shape);
            explainer = Asking.explainer(asked);
            if (random.nextInt(3) == 0) {
                final String rule = "add --destination " + (ipv6 ? "fd00::a01:66/128" : "10.1.0.102")
                    + " --protocol tcp --mark 1";
                asked.mark(rule);
                twin.mark(rule);
                service("-f 1" + (ipv6 ? " -6" : ""));
            }
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                final String place = vip(random.nextInt(2)) + ":" + (80 + random.nextInt(2));
                service(one(List.of("-t ", "-t ", "-u ", "--sctp-service ")) + place);
            }
            if (random.nextInt(4) == 0) {
                rules("-A -t " + vip(2) + ":0 -s " + one(SCHEDULERS) + " -p 20");
                services.add("-t " + vip(2) + ":0");
            }
            for (int i = random.nextInt(1, 7); i > 0; i--) {
                server();
            }
        }

        private String vip(final int i) {
            return ipv6 ? "[fd00::a01:" + Integer.toHexString(100 + i) + "]" : "10.1.0." + (100 + i);
        }

        private String rip(final int i) {
            return ipv6 ? "[fd00::a02:" + Integer.toHexString(i) + "]" : "10.2.0." + i;
        }

        private <T> T one(final List<T> of) {
            return of.get(random.nextInt(of.size()));
        }

        private void service(final String words) {
            if (!services.contains(words)) {
                services.add(words);
                rules("-A " + words + " -s " + one(SCHEDULERS) + (ipv6 ? one(List.of("", " -p 5"))
                    : one(PERSISTENCE)) + (words.startsWith("-u") && random.nextInt(3) == 0 ? " -o" : ""));
            }
        }

        private void rules(final String line) {
            final String said = asked.ipvsadm(line).toString();
            assertEquals(said, twin.ipvsadm(line).toString(), line);
        }

        /** Of ten real servers two have no neighbour that answers. */
        private void server() {
            final String service = one(services);
            final boolean portless = service.endsWith(":0") || service.startsWith("-f");
            final String words = service + " -r " + rip(random.nextInt(11, 21)) + ":" + (portless ? 0
                : random.nextInt(3) == 0 ? 8080 : 80);
            rules("-a " + words + " " + one(METHODS) + " -w " + random.nextInt(4) + (random.nextInt(3) == 0
                ? " -x " + random.nextInt(1, 4) : ""));
            servers.add(words);
        }

        /** Some change. */
        void change() {
            switch (random.nextInt(6)) {
                case 0 -> server();
                case 1 -> {
                    if (!servers.isEmpty()) {
                        rules("-d " + one(servers));
                    }
                }
                case 2, 3 -> {
                    if (!servers.isEmpty()) {
                        rules("-e " + one(servers) + " " + one(METHODS) + " -w " + random.nextInt(3));
                    }
                }
                case 4 -> {
                    final String setting = "net.ipv4.vs." + one(SETTINGS) + "=" + random.nextInt(2);
                    asked.sysctl(setting);
                    twin.sysctl(setting);
                }
                default -> {
                    final long ms = random.nextLong(100, 20_000);
                    asked.elapse(ms);
                    twin.elapse(ms);
                }
            }
        }

        private static Question.End end(final String place, final int port) {
            final HostAddress address = place.startsWith("[")
                ? HostAddress.parseIpv6(place.substring(1, place.length() - 1)).orElseThrow()
                : HostAddress.parseIpv4(place).orElseThrow();
            return new Question.End(address.high(), address.low(), port);
        }

        private String client(final int i) {
            return ipv6 ? "[fd00::a01:" + Integer.toHexString(i) + "]" : "10.1.0." + i;
        }

        /** Some packet, of a client or a real server; mostly of what there is. */
        Question question() {
            final String service = one(services);
            final int protocol = random.nextInt(6) == 0 ? one(List.of(TCP, UDP, SCTP))
                : service.startsWith("-u") ? UDP : service.startsWith("--sctp") ? SCTP : TCP;
            final int clientNumber = random.nextInt(11, 15);
            final Question.End client = end(client(clientNumber), 4000 + random.nextInt(3));
            final int flags = protocol == SCTP ? CHUNKS[random.nextInt(CHUNKS.length)]
                : protocol == TCP ? FLAGS[random.nextInt(FLAGS.length)] : 0;
            final int least = MadePacket.leastBytes(protocol, !ipv6);
            final int bytes = random.nextInt(4) == 0 ? random.nextInt(least, 1501) : least;
            if (random.nextInt(3) == 0) {
                final String words = servers.isEmpty() ? "-r " + rip(11) + ":80" : one(servers);
                final String server = words.substring(words.indexOf("-r ") + 3);
                final int colon = server.lastIndexOf(':');
                final int port = Integer.parseInt(server.substring(colon + 1));
                return new Question(protocol, end(server.substring(0, colon), port == 0 ? 80 : port), client, flags,
                    bytes, new Question.Arrival(1, 0, TestNetwork.serverMac(11), TestNetwork.MAC_1));
            }
            final int colon = service.lastIndexOf(':');
            final int port = service.startsWith("-f") ? 0 : Integer.parseInt(service.substring(colon + 1));
            final Question.End to = service.startsWith("-f") || random.nextInt(8) == 0
                ? end(vip(random.nextInt(2, 4)), one(List.of(80, 443)))
                : end(service.substring(service.indexOf(' ') + 1, colon), port == 0 ? one(List.of(80, 443)) : port);
            return new Question(protocol, client, to, flags, bytes,
                new Question.Arrival(0, 0, TestNetwork.clientMac(clientNumber), TestNetwork.MAC_0));
        }

        /** The packet as it is, in fragments, without the bit against these, or an ICMP error about one like it. */
        private Question inSomeForm(final Question plain) {
            final int kind = random.nextInt(8);
            final int least = MadePacket.leastBytes(plain.protocol(), !ipv6);
            return switch (kind) {
                case 0 -> with(plain, random.nextInt(least + 8, 3000), new Form(Form.Part.ALL, false, null));
                case 1 -> with(plain, plain.lengthBytes(), new Form(Form.Part.WHOLE, true, null));
                case 2 -> with(plain, MadePacket.errorBytes(plain.protocol(), !ipv6), new Form(Form.Part.WHOLE, false,
                    ipv6 ? one(List.of(new Form.Error(1, 4, 0), new Form.Error(2, 0, 1300), new Form.Error(3, 0, 0)))
                        : one(List.of(new Form.Error(3, 3, 0), new Form.Error(3, 4, 1300), new Form.Error(11, 0, 0)))));
                default -> plain;
            };
        }

        private static Question with(final Question plain, final int bytes, final Form form) {
            return new Question(plain.protocol(), plain.from(), plain.to(), plain.flags(), bytes, form,
                plain.arrival());
        }

        void ask(final String seed) {
            final Question question = inSomeForm(question());
            final String what = seed + " " + question + " services " + services;
            final List<String> before = state(asked);
            final Scene scene = explainer.scene(asked.services.view(), question).orElseThrow();
            assertEquals(before, state(asked), what);
            asked.cycle();
            twin.cycle();
            assertTrue(scene.complete(), what);
            final List<String> between = state(asked);
            final Explanation explanation = explainer.explain(scene, question);
            assertEquals(between, state(asked), what);
            if (explanation.taken()) {
                send(question, explanation, random.nextInt(workers), what);
            }
            assertEquals(state(twin), state(asked), what);
        }

        private void send(final Question question, final Explanation explanation, final int worker,
                          final String what) {
            final Course told = explanation.courses().get(worker);
            final int port = question.arrival().port();
            final Map<Counter, Long> before = counters(asked, worker);
            for (final byte[] frame : Pieces.of(question, asked.services.view().port(port).mtuBytes())) {
                asked.arrive(worker, port, frame);
                twin.arrive(worker, port, frame);
            }
            asked.cycle();
            twin.cycle();
            final List<TestDirector.Sent> sent = asked.takeSent();
            twin.takeSent();
            for (final Counter counter : Counter.values()) {
                final long moved = counters(asked, worker).get(counter) - before.get(counter);
                final boolean expected = counter == told.end() || told.events().contains(counter);
                // Views that come now, and other connections that end now, have nothing to do with the packet.
                // All fragments but one are joined to others.
                if (counter != Counter.VIEWS_APPLIED && counter != Counter.CONNECTIONS_ENDED
                    && (counter != Counter.FRAGMENT_JOINED || !question.form().cut())) {
                    assertEquals(expected, moved != 0, () -> what + ": " + counter + "; told " + told);
                }
            }
            assertEquals(told.sent().size(), sent.size(), what);
            for (int i = 0; i < sent.size(); i++) {
                assertEquals(told.sent().get(i).port(), sent.get(i).port(), what);
                assertArrayEquals(withoutNumbers(told.sent().get(i).frame()), withoutNumbers(sent.get(i).frame()),
                    what);
            }
            final List<String> entries = lines(entries(asked));
            final List<String> untouched = lines(explanation.scene().entries());
            // Templates that are of no use any more end when they like.
            for (final String entry : lines(told.entries().stream().filter(entry -> !entry.template()
                || entry.clientPort() == 0).toList())) {
                assertTrue(untouched.contains(entry) || entries.contains(entry),
                    () -> what + ": " + entry + " was told, there are " + entries);
            }
        }

        /** Identifications of packets and fragments, and the checksums over them, are drawn at random. */
        private static byte[] withoutNumbers(final byte[] frame) {
            final byte[] copy = frame.clone();
            if (copy[12] == 8 && copy[13] == 0) {
                Arrays.fill(copy, 18, 20, (byte) 0);
                Arrays.fill(copy, 24, 26, (byte) 0);
            } else if (copy[20] == IPV6_FRAGMENT) {
                Arrays.fill(copy, 58, 62, (byte) 0);
            }
            return copy;
        }

        private static Map<Counter, Long> counters(final TestDirector of, final int worker) {
            final Map<Counter, Long> values = new EnumMap<>(Counter.class);
            for (final Counter counter : Counter.values()) {
                values.put(counter, of.agents.get(worker).counters().value(counter));
            }
            return values;
        }

        private static List<Entry> entries(final TestDirector of) {
            final List<Entry> all = new ArrayList<>();
            final long nowMs = of.nowNs() / MS_NS;
            of.table.lister(0).list(0, Integer.MAX_VALUE, nowMs,
                (key, value, sec) -> all.add(new Entry(false, 0, 0, key, value)));
            of.wideTable.lister(0).listWide(0, Integer.MAX_VALUE, nowMs,
                (high, low, key, value, sec) -> all.add(new Entry(true, high, low, key, value)));
            return all;
        }

        /**
         * Without what hangs on the secret of a table, the number that an IPv6 address of a mark has in keys; the
         * table's own four bits of a value; and what other connections, which end at any time, change of their
         * template.
         */
        private static List<String> lines(final List<Entry> entries) {
            return entries.stream().map(entry -> (entry.wide() ? WideKey.withNumber(entry.key(), 0) : entry.key())
                + " " + entry.high() + " " + entry.low() + " " + (entry.template() ? "template of " + entry.realServer()
                : Long.toString(entry.value() & ~0xfL))).sorted().toList();
        }

        /** Connections, then the counts of workers, real servers and services. */
        private static List<String> state(final TestDirector of) {
            final List<String> state = new ArrayList<>();
            state.add(lines(entries(of)).toString());
            for (int w = 0; w < of.agents.size(); w++) {
                final Map<Counter, Long> counters = counters(of, w);
                counters.values().removeIf(count -> count == 0);
                state.add("worker " + w + ": " + counters);
            }
            for (int number = 0; number < NUMBERS; number++) {
                for (int field = 0; field <= ServerCounters.OUT_BYTES; field++) {
                    final long ofServer = of.server(number, field);
                    final long ofService = of.serviceCounters().sum(number, field);
                    if (ofServer != 0 || ofService != 0) {
                        state.add(number + " field " + field + ": " + ofServer + " " + ofService);
                    }
                }
            }
            return state;
        }

        @Override
        public void close() {
            asked.assertTableClean();
            asked.close();
            twin.close();
        }
    }

    @Property(tries = 15)
    void whatIsToldIsWhatHappensAndAskingChangesNothing(@ForAll final long seed) {
        try (Both both = new Both(seed)) {
            for (int step = 0; step < STEPS; step++) {
                if (both.random.nextInt(5) == 0) {
                    both.change();
                }
                both.ask("seed " + seed + " step " + step);
            }
        }
    }
}
