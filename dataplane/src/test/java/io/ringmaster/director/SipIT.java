package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Telephone calls by sipp through services with the persistence engine: INVITE, ACK and BYE of a call must meet the one
 * real server that knows it, or the call fails.
 */
class SipIT {
    private static final int CALLS = 30;
    private static Lab lab;

    @TempDir
    private static Path directory;

    private Telephones telephones;

    @BeforeAll
    static void start() {
        Needs.root();
        Needs.program("sipp", "sip-tester");
        Needs.program("ping", "iputils-ping");
        lab = Lab.with(DemoNetwork.Options.defaults());
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    @BeforeEach
    void begin() {
        telephones = new Telephones(lab.network(), directory);
    }

    @AfterEach
    void end() throws InterruptedException {
        telephones.end();
        lab.assertSound();
        lab.clear();
    }

    /** A telephone on each real server that answers calls, at its own address or at the VIP. */
    private void serve(final ForwardingMethod method) throws IOException {
        for (int i = 1; i <= lab.network().realServers(); i++) {
            telephones.answer(i, method == ForwardingMethod.MASQUERADING ? lab.network().rip(i) : lab.vip(method));
        }
    }

    /** Makes the service, with all real servers. */
    private static void service(final ForwardingMethod method, final String... options) {
        final String address = lab.vip(method) + ":" + Telephones.PORT;
        final List<String> words = new ArrayList<>(List.of("-A", "-u", address, "-s", "rr", "-p", "60", "--pe", "sip"));
        words.addAll(List.of(options));
        lab.director().ipvsadm(words.toArray(String[]::new));
        for (int i = 1; i <= lab.network().realServers(); i++) {
            final String rip = lab.network().rip(i);
            lab.director().ipvsadm("-a", "-u", address, "-r", rip + ":" + Telephones.PORT, method.option());
            Telephones.makeKnown(lab, rip);
        }
    }

    private long calls(final ForwardingMethod method, final String transport) throws Exception {
        return telephones.call(lab.director(), lab.network().clientAddress(0), lab.vip(method), CALLS, transport);
    }

    private static void assertAllServersTookCalls(final long caller) {
        final Map<String, Long> byServer = Telephones.byServer(lab.director(), caller);
        assertEquals(CALLS, byServer.values().stream().mapToLong(Long::longValue).sum(), byServer::toString);
        assertEquals(lab.network().realServers(), byServer.size(), byServer::toString);
        byServer.forEach((server, calls) -> assertEquals(CALLS / lab.network().realServers(), calls, server));
    }

    @Test
    void masqueradedCallsEachFromASocketOfItsOwn() throws Exception {
        serve(ForwardingMethod.MASQUERADING);
        service(ForwardingMethod.MASQUERADING);
        assertAllServersTookCalls(calls(ForwardingMethod.MASQUERADING, "un"));
    }

    @Test
    void callsOfOneSocketAreToldApartMessageByMessage() throws Exception {
        serve(ForwardingMethod.DIRECT_ROUTING);
        service(ForwardingMethod.DIRECT_ROUTING, "-o");
        assertAllServersTookCalls(calls(ForwardingMethod.DIRECT_ROUTING, "u1"));
        final String vip = lab.vip(ForwardingMethod.DIRECT_ROUTING);
        assertEquals(List.of(), lab.director().ipvsadm("-Lnc").lines()
            .filter(line -> line.contains(" " + vip + ":") && !line.contains(" NONE ")).toList());
    }

    @Test
    void tunneledCallsOfOneSocketAreToldApart() throws Exception {
        serve(ForwardingMethod.TUNNELING);
        service(ForwardingMethod.TUNNELING, "-o");
        assertAllServersTookCalls(calls(ForwardingMethod.TUNNELING, "u1"));
    }

    @Test
    void answersToOneSocketLeaveFromTheVip() throws Exception {
        serve(ForwardingMethod.MASQUERADING);
        service(ForwardingMethod.MASQUERADING, "-o");
        assertAllServersTookCalls(calls(ForwardingMethod.MASQUERADING, "u1"));
    }
}
