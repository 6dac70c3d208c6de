package io.ringmaster.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.packet.Packet;
import io.ringmaster.ring.SpscRing;
import io.ringmaster.stats.Counter;
import io.ringmaster.worker.HandBack.Outcome;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way back to the kernel: limit, ring, and what reaches the injector. */
class HandBackTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private final byte[] bytes = new byte[4096];
    private final Packet packet = new Packet(MemorySegment.ofArray(bytes));
    private final HandBackBell bell = new HandBackBell();

    private Packet packet(final int offset, final int lengthBytes, final int port) {
        for (int i = 0; i < lengthBytes; i++) {
            bytes[offset + i] = (byte) (i * 7 + port);
        }
        packet.wrap(offset, lengthBytes, port);
        return packet;
    }

    @Test
    void whatWasGivenIsInjectedAsItCame() {
        final SpscRing[] rings = {new SpscRing(4096), new SpscRing(4096)};
        final List<String> injected = new ArrayList<>();
        final HandBackAgent agent = new HandBackAgent(rings, bell, (port, queue, memory, offset, lengthBytes) -> {
            injected.add(port + "/" + queue);
            assertArrayEquals(Arrays.copyOfRange(bytes, 300, 361),
                memory.asSlice(offset, lengthBytes).toArray(ValueLayout.JAVA_BYTE));
            return 0;
        });
        assertEquals(0, agent.doWork());
        assertEquals(Outcome.GIVEN, new HandBack(rings[0], bell, 1000).give(packet(300, 61, 2), 0xffff, 0));
        assertEquals(1, agent.doWork());
        assertEquals(Outcome.GIVEN, new HandBack(rings[1], bell, 1000).give(packet(300, 61, 127), 3, 0));
        assertEquals(1, agent.doWork());
        assertEquals(List.of("2/65535", "127/3"), injected);
        assertEquals(0, agent.counters().value(Counter.DROP_HAND_BACK_FAILED));
    }

    @Test
    void aRefusalOfTheKernelIsCounted() {
        final SpscRing ring = new SpscRing(4096);
        final HandBackAgent agent = new HandBackAgent(new SpscRing[] {ring}, bell,
            (port, queue, memory, offset, lengthBytes) -> 95);
        new HandBack(ring, bell, 1000).give(packet(0, 60, 0), 0, 0);
        agent.doWork();
        assertEquals(1, agent.counters().value(Counter.DROP_HAND_BACK_FAILED));
    }

    @Test
    @Timeout(60)
    void aThreadThatSleepsForLongIsWoken() throws InterruptedException {
        final SpscRing ring = new SpscRing(4096);
        final CountDownLatch injected = new CountDownLatch(2);
        final HandBackAgent agent = new HandBackAgent(new SpscRing[] {ring}, bell,
            (port, queue, memory, offset, lengthBytes) -> {
                injected.countDown();
                return 0;
            });
        try (AgentRunner runner = new AgentRunner(new SleepingIdleStrategy(TimeUnit.HOURS.toNanos(1)),
            error -> { }, null, agent)) {
            final Thread thread = AgentRunner.startOnThread(runner);
            final HandBack handBack = new HandBack(ring, bell, 1000);
            while (injected.getCount() > 0) {
                while (thread.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                final long before = injected.getCount();
                handBack.give(packet(0, 60, 0), 0, SECOND_NS);
                while (injected.getCount() == before) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Test
    void noMoreThanSoManyASecond() {
        final SpscRing ring = new SpscRing(1 << 20);
        final HandBack handBack = new HandBack(ring, bell, 1000);
        long nowNs = 5 * SECOND_NS;
        assertEquals(100, given(handBack, 200, nowNs), "a tenth of a second's worth at once");
        nowNs += SECOND_NS / 1000;
        assertEquals(1, given(handBack, 5, nowNs));
        nowNs += SECOND_NS / 2000;
        assertEquals(0, given(handBack, 5, nowNs));
        nowNs += SECOND_NS / 2000;
        assertEquals(1, given(handBack, 5, nowNs), "halves add up");
        nowNs += 3600 * SECOND_NS;
        assertEquals(100, given(handBack, 200, nowNs), "no more is saved up");
        int total = 0;
        for (int ms = 0; ms < 10_000; ms++) {
            nowNs += SECOND_NS / 1000;
            total += given(handBack, 3, nowNs);
        }
        assertEquals(10_000, total);
    }

    @Test
    void onePerSecondIsOnePerSecond() {
        final HandBack handBack = new HandBack(new SpscRing(4096), bell, 1);
        assertEquals(1, given(handBack, 3, SECOND_NS));
        assertEquals(0, given(handBack, 3, SECOND_NS + SECOND_NS / 2));
        assertEquals(1, given(handBack, 3, 2 * SECOND_NS));
    }

    @Test
    void aFullRingCostsNoCredit() {
        final SpscRing ring = new SpscRing(256);
        final HandBack handBack = new HandBack(ring, bell, 1_000_000);
        assertEquals(Outcome.RING_FULL, handBack.give(packet(0, 200, 0), 0, 0), "longer than the ring ever takes");
        assertEquals(Outcome.GIVEN, handBack.give(packet(0, 100, 0), 0, 0));
        assertEquals(Outcome.GIVEN, handBack.give(packet(0, 100, 0), 0, 0));
        assertEquals(Outcome.RING_FULL, handBack.give(packet(0, 100, 0), 0, 0));
        assertEquals(2, ring.poll((memory, offset, lengthBytes, tag) -> { }, 10));
        assertEquals(Outcome.GIVEN, handBack.give(packet(0, 100, 0), 0, 0));
    }

    private int given(final HandBack handBack, final int attempts, final long nowNs) {
        int given = 0;
        for (int i = 0; i < attempts; i++) {
            given += handBack.give(packet(0, 40, 0), 0, nowNs) == Outcome.GIVEN ? 1 : 0;
        }
        return given;
    }
}
