package io.ringmaster.demo;

import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.sys.NetworkNamespace;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A network of namespaces joined by veths: ordinary hosts around a place for a director. Any thread may use it; it is
 * removed by {@link #close}, and also when the process is told to end.
 * <pre>
 *   client ── [client] switch [front] ── front director back ── [back] switch [rs1] ── eth0 rs1
 *   10.77.1.11…      br-client      10.77.1.1, VIPs   10.77.2.1       br-server       10.77.2.11…
 *                       └──────── router 10.77.1.254, 10.77.2.254 ────────┘
 * </pre>
 * The switch is a namespace of its own with two Linux bridges. It routes between them, too, since replies of real
 * servers by direct routing and tunneling must pass the director by: its kernel owns the VIP and drops packets that
 * come from it. Real servers send what comes from such a VIP to that router, all else to the director.
 */
public final class DemoNetwork implements AutoCloseable {
    /** The director's interface towards clients. */
    public static final String FRONT = "front";
    /** The director's interface towards real servers. */
    public static final String BACK = "back";
    /** The only interface of a client or real server. */
    public static final String ETH0 = "eth0";
    /** The director's address on the client side. */
    public static final String DIRECTOR_FRONT = "10.77.1.1";
    /** The director's address on the server side. */
    public static final String DIRECTOR_BACK = "10.77.2.1";
    private static final int FIRST_PORT = 10_000;
    private static final int PORTS = 50_000;

    private final Options options;
    private final String prefix = Namespaces.nextPrefix();
    private final Thread hook = new Thread(this::removeNamespaces, "remove-demo-network");
    private final AtomicInteger endpoints = new AtomicInteger();
    private boolean closed;

    private DemoNetwork(final Options options) {
        this.options = options;
    }

    /**
     * How the network is to be.
     *
     * @param realServers    1 to 9.
     * @param clients        addresses of the client, 1 to 50.
     * @param queues         of each veth, both ends, both directions.
     * @param serverMtuBytes of all that is on the server side: 1,600 leaves room for a tunnel header.
     */
    public record Options(int realServers, int clients, int queues, int serverMtuBytes) {
        /** Three real servers, eight client addresses, one queue, 1,600 bytes. */
        public static Options defaults() {
            return new Options(3, 8, 1, 1600);
        }

        /** The same with more queues. */
        public Options withQueues(final int number) {
            return new Options(realServers, clients, number, serverMtuBytes);
        }

        /** The same with another MTU on the server side. */
        public Options withServerMtu(final int bytes) {
            return new Options(realServers, clients, queues, bytes);
        }
    }

    /**
     * Makes the network; needs root and {@code ip}. Namespaces that a killed run left behind are removed first.
     *
     * @throws DemoException if it could not be made; nothing is left then.
     */
    public static DemoNetwork create(final Options options) {
        Leftovers.remove();
        final DemoNetwork network = new DemoNetwork(options);
        Runtime.getRuntime().addShutdownHook(network.hook);
        try {
            new NetworkWiring(network, options).wire();
            return network;
        } catch (final RuntimeException e) {
            network.close();
            throw e;
        }
    }

    /** All namespaces, as {@code ip netns} knows them. */
    public List<String> names() {
        final List<String> names = new ArrayList<>(List.of(client(), director(), switchboard()));
        for (int i = 1; i <= options.realServers; i++) {
            names.add(realServer(i));
        }
        return names;
    }

    /** The namespace of the client. */
    public String client() {
        return prefix + "client";
    }

    /** The namespace of the director. */
    public String director() {
        return prefix + "director";
    }

    /** The namespace of bridges and router; its ports are named {@code client, front, back, rs1…}. */
    public String switchboard() {
        return prefix + "switch";
    }

    /** The namespace of a real server, counted from 1. */
    public String realServer(final int number) {
        return prefix + "rs" + number;
    }

    /** How many real servers there are. */
    public int realServers() {
        return options.realServers;
    }

    /** One of the client's addresses, counted from 0. */
    public String clientAddress(final int index) {
        return "10.77.1." + (11 + index);
    }

    /**
     * An address and port of the client, the addresses in turn, no port twice before 50,000 others: a port that comes
     * again soon meets the director's entry of its last connection, which keeps it at its real server.
     */
    InetSocketAddress nextClientEndpoint() {
        final int number = endpoints.getAndIncrement() & Integer.MAX_VALUE;
        return new InetSocketAddress(clientAddress(number % options.clients),
            FIRST_PORT + number / options.clients % PORTS);
    }

    /** Whether an address is one of the client's. */
    boolean isClient(final String address) {
        return IntStream.range(0, options.clients).mapToObj(this::clientAddress).anyMatch(address::equals);
    }

    /** Whether an address is one of the VIPs. */
    boolean isVip(final String address) {
        return Arrays.stream(ForwardingMethod.values()).map(this::vip).anyMatch(address::equals);
    }

    /** RIP of a real server, counted from 1. */
    public String rip(final int number) {
        return "10.77.2." + (10 + number);
    }

    /** The VIP meant for services of one forwarding method: real servers have it where the method needs that. */
    public String vip(final ForwardingMethod method) {
        return switch (method) {
            case DIRECT_ROUTING -> "10.77.1.101";
            case TUNNELING -> "10.77.1.102";
            default -> "10.77.1.100";
        };
    }

    /** Runs work on this thread inside a namespace: sockets opened there stay there. */
    public <T, E extends Exception> T in(final String namespace, final NetworkNamespace.Work<T, E> work) throws E {
        return NetworkNamespace.call(namespace, work);
    }

    /** Runs a program inside a namespace to its end; see {@link Commands#run(String...)}. */
    public String exec(final String namespace, final String... command) {
        return Commands.run(insideOf(namespace, command), "");
    }

    /** The command line that runs a program inside a namespace. */
    public static List<String> insideOf(final String namespace, final String... command) {
        final List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        line.addAll(List.of(command));
        return line;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        removeNamespaces();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            // The process is ending: the hook runs already, and will find nothing to do.
        }
    }

    private void removeNamespaces() {
        names().forEach(Leftovers::removeNamespace);
    }
}
