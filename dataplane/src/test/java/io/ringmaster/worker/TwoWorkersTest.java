package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.FIN;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.RIP;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static io.ringmaster.worker.Story.fromServer;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two workers over one table: which of them gets a packet makes no difference. */
class TwoWorkersTest {
    private TestDirector director;

    @BeforeEach
    void rules() {
        director = new TestDirector(TestDirector.Shape.DEFAULT.capacity(16_384).workers(2).twoArmed(1500, 1500)).rules(
            "-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r " + RIP + " -m",
            "-a -t " + VIP + " -r 10.2.0.12:80 -m");
    }

    @AfterEach
    void close() {
        director.close();
    }

    @Test
    void aReplyThatArrivesAtTheOtherWorkerIsTranslated() {
        director.rules("-e -t " + VIP + " -r 10.2.0.12:80 -m -w 0");
        director.send(0, 0, fromClient(SYN));
        final List<TestDirector.Sent> sent = director.send(1, 1, fromServer(SYN | ACK));
        assertEquals("000001>0100fe ttl=63 len=40 tcp 10.1.0.100:80>10.9.1.1:4000",
            Frames.text(sent.getFirst().frame()));
        assertEquals(1, sent.getFirst().worker(), "sent by the queue of the worker that had it");
        director.send(1, 0, fromClient(ACK));
        assertEquals(List.of("ESTABLISHED 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80"), director.connections());
    }

    @Test
    void countsSumUpWhoeverCounts() {
        for (int i = 0; i < 40; i++) {
            final String client = "10.9.1.1:" + (6000 + i);
            director.send(i % 2, 0, fromClient(client, SYN));
            director.send((i + 1) % 2, 0, fromClient(client, ACK));
            if (i % 4 == 0) {
                director.send(i / 4 % 2, 0, fromClient(client, FIN | ACK));
            }
        }
        long active = 0;
        long inactive = 0;
        for (int number = 1; number <= 2; number++) {
            active += director.server(number, ServerCounters.ACTIVE);
            inactive += director.server(number, ServerCounters.INACTIVE);
        }
        assertEquals(30, active);
        assertEquals(10, inactive);
        assertEquals(40, director.count(Counter.CONNECTIONS_CREATED));
        director.elapse(910_000);
        director.elapse(20_000);
        for (int number = 1; number <= 2; number++) {
            assertEquals(0, director.server(number, ServerCounters.ACTIVE));
            assertEquals(0, director.server(number, ServerCounters.INACTIVE));
        }
        assertEquals(40, director.count(Counter.CONNECTIONS_ENDED));
        assertEquals(List.of(), director.connections());
    }

    /** The real race: both workers on threads of their own get the same clients' first segments at once. */
    @Test
    void concurrentFirstSegmentsOfOneClientMakeOneConnection() throws InterruptedException {
        final int rounds = 200;
        final int clients = 40;
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < clients; i++) {
                final byte[] frame = fromClient("10.9." + round + ".1:" + (6000 + i), SYN);
                director.arrive(0, 0, frame);
                director.arrive(1, 0, frame);
            }
            final Thread other = new Thread(director.agents.get(1)::doWork);
            other.start();
            director.agents.get(0).doWork();
            other.join();
            director.cycle();
            director.takeSent();
        }
        assertEquals(rounds * clients, director.connections().size());
        assertEquals(rounds * clients, director.count(Counter.CONNECTIONS_CREATED)
            - director.count(Counter.CONNECTIONS_ENDED));
        assertEquals(2L * rounds * clients, director.count(Counter.SENT_TO_REAL_SERVER));
        assertEquals(rounds * clients, director.server(1, ServerCounters.ACTIVE)
            + director.server(2, ServerCounters.ACTIVE));
    }
}
