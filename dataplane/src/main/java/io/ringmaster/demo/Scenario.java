package io.ringmaster.demo;

import io.ringmaster.service.ForwardingMethod;
import java.util.Arrays;

/** One forwarding method as the demonstration shows it, with a scheduler of its own. */
enum Scenario {
    /** Masquerading, with a port to translate and unequal weights. */
    NAT(ForwardingMethod.MASQUERADING, "masquerading", DemoServer.OTHER_PORT, "wrr", 3, 2, 1),
    /** Direct routing. */
    DR(ForwardingMethod.DIRECT_ROUTING, "direct routing", DemoServer.PORT, "rr", 1, 1, 1),
    /** Tunneling. */
    TUN(ForwardingMethod.TUNNELING, "tunneling", DemoServer.PORT, "wlc", 1, 1, 1);

    private final ForwardingMethod method;
    private final String words;
    private final int realPort;
    private final String scheduler;
    private final int[] weights;

    Scenario(final ForwardingMethod method, final String words, final int realPort, final String scheduler,
             final int... weights) {
        this.method = method;
        this.words = words;
        this.realPort = realPort;
        this.scheduler = scheduler;
        this.weights = weights;
    }

    ForwardingMethod method() {
        return method;
    }

    /** The method's name in words. */
    String words() {
        return words;
    }

    /** The port that real servers get. */
    int realPort() {
        return realPort;
    }

    /** Of its services. */
    String scheduler() {
        return scheduler;
    }

    /** Of a real server, counted from 1. */
    int weight(final int realServer) {
        return weights[realServer - 1];
    }

    /** How many of a number of connections a real server is to get, by the weights. */
    double share(final int realServer, final int connections) {
        return (double) connections * weight(realServer) / Arrays.stream(weights).sum();
    }
}
