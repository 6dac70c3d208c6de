package io.ringmaster.worker;

import io.ringmaster.control.Reply;
import io.ringmaster.packet.FixtureFile;
import io.ringmaster.packet.FixtureFile.Exchange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One recording played to a worker. The result is what came out otherwise, by step: "packet N" for the N-th frame sent,
 * "conns N" for the N-th listing of connections, "table N" for the N-th text of ipvsadm, each from 0.
 */
final class Replay {
    /** Settings at their defaults, or without an effect on packets. */
    private static final Set<String> KNOWN_SETTINGS = Set.of("expire_nodest_conn=0", "conn_reuse_mode=1",
        "nat_icmp_send=0", "conntrack=1", "expire_quiescent_template=0");

    private final Map<?, ?> recording;
    private final List<Exchange> exchanges;
    private final TestDirector director;
    private final Map<String, String> differences = new LinkedHashMap<>();
    private int packets;
    private int listings;
    private int tables;

    Replay(final String name) {
        recording = FixtureFile.json(name);
        exchanges = FixtureFile.read(name).exchanges();
        final int mtuBytes = number(recording.get("mtu"));
        director = new TestDirector(recording.get("topology").equals("two")
            ? TestDirector.Shape.DEFAULT.twoArmed(mtuBytes, number(recording.get("mtu_vec1")))
            : TestDirector.Shape.DEFAULT);
    }

    /** Plays it all. */
    Map<String, String> run() {
        try (director) {
            for (final Object each : (List<?>) recording.get("steps")) {
                final Map<?, ?> step = (Map<?, ?>) each;
                director.elapse(1);
                final boolean goesOn = switch ((String) step.get("op")) {
                    case "restore" -> restore(step);
                    case "send" -> send(exchanges.get(packets));
                    case "conns" -> conns((List<?>) step.get("conns"));
                    case "table" -> table((String) step.get("cmd"), (String) step.get("out"));
                    case "cmd" -> command((String) step.get("cmd"), (String) step.get("out"));
                    case "sleep" -> sleep(((Number) step.get("seconds")).doubleValue());
                    case "sysctl" -> KNOWN_SETTINGS.contains(((String) step.get("key")).replaceAll(".*\\.", "") + "="
                        + step.get("value"));
                    default -> throw new IllegalStateException("a step of another kind: " + step);
                };
                if (!goesOn) {
                    break;
                }
            }
        }
        return differences;
    }

    private boolean restore(final Map<?, ?> step) {
        final Reply reply = director.restore((String) step.get("rules"), (Boolean) step.get("append"));
        if (reply.exit() != number(step.get("rc"))) {
            throw new IllegalStateException("rules were not taken: " + reply.err());
        }
        return true;
    }

    private boolean sleep(final double seconds) {
        director.elapse((long) (seconds * 1000));
        return true;
    }

    private boolean command(final String command, final String out) {
        if (command.startsWith("ipvsadm ")) {
            final Reply reply = director.ipvsadm(command.substring("ipvsadm ".length()));
            if (!reply.err().isEmpty()) {
                throw new IllegalStateException(command + ": " + reply.err());
            }
        }
        return true;
    }

    private boolean table(final String command, final String out) {
        final String step = "table " + tables++;
        if (command.startsWith("ipvsadm -") && !command.contains("nosort")) {
            final Reply reply = director.ipvsadm(command.substring("ipvsadm ".length()));
            compare(step, command + "\n" + out, command + "\n" + reply.whole());
        }
        return true;
    }

    private boolean send(final Exchange exchange) {
        final String step = "packet " + packets;
        final int port = interfaceOf("packet_ifs", number(sends().get(packets).get("packet")));
        final List<String> expected = new ArrayList<>();
        final List<?> numbers = (List<?>) sends().get(packets).get("results");
        for (int i = 0; i < exchange.out().size(); i++) {
            final byte[] frame = exchange.out().get(i).frame();
            expected.add(interfaceOf("result_ifs", number(numbers.get(i))) + " " + exchange.out().get(i).masked(frame));
        }
        packets++;
        final int back = director.handedBack.size();
        final List<String> got = new ArrayList<>();
        boolean kernels = !director.redirection.takes(exchange.in(), director.network.ports()[port].mac());
        if (!kernels) {
            for (final TestDirector.Sent sent : director.send(port, exchange.in())) {
                final FixtureFile.Out like = got.size() < exchange.out().size() ? exchange.out().get(got.size())
                    : new FixtureFile.Out(sent.frame(), List.of());
                got.add(sent.port() + " " + like.masked(sent.frame()));
            }
            kernels = director.handedBack.size() > back;
            if (kernels && !Arrays.equals(exchange.in(), director.handedBack.getLast())) {
                differences.put(step, "handed back, but not as it came");
                return true;
            }
        }
        if (kernels && got.isEmpty()
            && exchange.out().stream().allMatch(out -> HostAnswer.isOne(exchange.in(), out.frame()))) {
            return true;
        }
        compare(step, exchange + "\n" + String.join("\n", expected),
            exchange + "\n" + String.join("\n", got) + (kernels ? "(the kernel's)" : ""));
        return true;
    }

    private List<Map<?, ?>> sends() {
        final List<Map<?, ?>> sends = new ArrayList<>();
        for (final Object step : (List<?>) recording.get("steps")) {
            if (((Map<?, ?>) step).get("op").equals("send")) {
                sends.add((Map<?, ?>) step);
            }
        }
        return sends;
    }

    private int interfaceOf(final String list, final int index) {
        final Object interfaces = recording.get(list);
        return interfaces == null ? 0 : number(((List<?>) interfaces).get(index));
    }

    private boolean conns(final List<?> expected) {
        final String step = "conns " + listings++;
        final Map<String, Long> ours = new LinkedHashMap<>();
        director.eachConnection((client, clientPort, endpoint, server, state, expireSec) -> ours.put(
            (director.services.serviceOf(endpoint).orElseThrow().protocol() == 6 ? "TCP " : "UDP ") + client + ":"
                + clientPort + " " + director.services.serviceOf(endpoint).orElseThrow().address() + ":"
                + director.services.serviceOf(endpoint).orElseThrow().port() + " "
                + director.services.serverOf(server).orElseThrow().id().address() + ":"
                + director.services.serverOf(server).orElseThrow().id().port() + " " + state, expireSec));
        final List<String> wanted = new ArrayList<>();
        final List<String> got = new ArrayList<>();
        for (final Object each : expected) {
            final Map<?, ?> line = (Map<?, ?>) each;
            final String key = line.get("proto") + " " + line.get("source") + " " + line.get("virtual") + " "
                + line.get("destination") + " " + line.get("state");
            final long expireSec = number(line.get("expire"));
            wanted.add(key + " " + expireSec);
            final Long our = ours.remove(key);
            if (our != null) {
                got.add(key + " " + (Math.abs(our - expireSec) <= 1 ? expireSec : our));
            }
        }
        ours.forEach((key, sec) -> got.add(key + " " + sec));
        wanted.sort(null);
        got.sort(null);
        compare(step, String.join("\n", wanted), String.join("\n", got));
        return true;
    }

    private void compare(final String step, final String kernel, final String ours) {
        if (!kernel.equals(ours)) {
            differences.put(step, "\n  kernel: " + kernel + "\n  ours:   " + ours);
        }
    }

    private static int number(final Object value) {
        return ((Number) value).intValue();
    }
}
