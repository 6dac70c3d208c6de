package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Reply;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.service.ForwardingMethod;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What top and events tell of a director with real packets. */
@Timeout(600)
class LookIT {
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    /** A number above 0. */
    private static final String SOME = "(0\\.0*[1-9]|[1-9])[0-9.E-]*";

    @Test
    void topTellsRatesOfWhatPassesAndEventsWhoChangedSomething() {
        try (Lab lab = Lab.with(DemoNetwork.Options.defaults())) {
            lab.service("-t", NAT, "rr", 1, 1);
            // Neighbours are known then, or the first segment is lost for a second.
            assertEquals(List.of(), lab.http(NAT).get(2, 1, number -> 10).failures());
            final CompletableFuture<Reply> top = asked(lab, "top", "--interval", "2", "--count", "1", "--json");
            while (!top.isDone()) {
                assertEquals(List.of(), lab.http(NAT).get(10, 1, number -> 10).failures());
            }
            final String report = top.join().out();
            assertTrue(report.matches("(?s).*\"packetsPerBatch\":[1-9].*"), report);
            assertTrue(report.matches("(?s).*\"service\":\"TCP " + lab.vip(NAT) + ":80\",\"scheduler\":\"rr\","
                + "\"connectionsPerSec\":" + SOME + ",\"inPacketsPerSec\":" + SOME + ",\"outPacketsPerSec\":" + SOME
                + ".*"), report);
            assertTrue(report.matches("(?s).*\"busyShare\":(0\\.0*[1-9]|1|[1-9]).*"), report);

            // Before so much else happens that it is kept no longer.
            final String past = asked(lab, "events", "--past").join().out();
            assertTrue(past.contains(" director: The director has started on "), past);
            String told = "";
            while (!told.contains(" change: ")) {
                // Of a neighbour or a worker may be told first.
                final CompletableFuture<Reply> events = asked(lab, "events", "--count", "1");
                while (!events.isDone()) {
                    // It may not listen yet.
                    lab.director().ipvsadm("-Z");
                }
                told = events.join().out();
            }
            assertTrue(told.endsWith(" change: user 0 (root): ipvsadm -Z\n"), told);
            lab.assertSound();
        }
    }

    private static CompletableFuture<Reply> asked(final Lab lab, final String... words) {
        return CompletableFuture.supplyAsync(
            () -> ControlClient.ask(lab.director().socket(), List.of(words), ""));
    }
}
