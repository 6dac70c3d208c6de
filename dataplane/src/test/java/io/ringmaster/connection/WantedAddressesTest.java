package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Numbers of addresses: one each, as long as a connection has it, also where several threads ask. */
class WantedAddressesTest {
    private static final long NETWORK = 0xfd05L << 48;
    private static final int THREADS = 3;
    private static final int OPERATIONS = 100_000;
    private static final int ADDRESSES = 50;

    private final WantedAddresses addresses = new WantedAddresses(TableHash.secret());

    @Test
    void anAddressHasOneNumberAsLongAsAnyConnectionHasIt() {
        assertEquals(WantedAddresses.NONE, addresses.number(NETWORK, 1));
        final int number = addresses.take(NETWORK, 1, 0);
        assertNotEquals(WantedAddresses.NONE, number);
        assertEquals(number, addresses.take(NETWORK, 1, 0));
        assertEquals(number, addresses.number(NETWORK, 1));
        assertNotEquals(number, addresses.take(NETWORK, 2, 0));
        assertEquals(NETWORK, addresses.high(number));
        assertEquals(1, addresses.low(number));
        assertEquals(2, addresses.connections(number));
        addresses.release(number, 0);
        addresses.release(number, 0);
        assertEquals(0, addresses.connections(number));
        assertEquals(number, addresses.take(NETWORK, 1, 1_000_000), "it was nobody else's meanwhile");
    }

    @Test
    void whenAllAreInUseThereIsNoneUntilSomeAreIdleForLongEnough() {
        final Map<Long, Integer> numbers = new HashMap<>();
        final Set<Integer> different = new HashSet<>();
        long refused = 0;
        for (long low = 1; numbers.size() < WantedAddresses.LIMIT - 1 && refused < 100_000; low++) {
            final int number = addresses.take(NETWORK, low, 0);
            if (number == WantedAddresses.NONE) {
                refused++;
            } else {
                numbers.put(low, number);
                different.add(number);
            }
        }
        assertEquals(WantedAddresses.LIMIT - 1, numbers.size(), "all of them can be used");
        assertEquals(numbers.size(), different.size());
        numbers.forEach((low, number) -> assertEquals(number, addresses.number(NETWORK, low)));
        assertEquals(WantedAddresses.NONE, addresses.take(NETWORK, 0, 0));
        numbers.values().forEach(number -> addresses.release(number, 10_000));
        assertEquals(WantedAddresses.NONE, addresses.take(NETWORK, 0, 10_000 + WantedAddresses.IDLE_MS));
        final int again = addresses.take(NETWORK, 0, 10_001 + WantedAddresses.IDLE_MS);
        assertTrue(different.contains(again));
        assertEquals(0, addresses.low(again));
        numbers.forEach((low, number) ->
            assertEquals(number == again ? WantedAddresses.NONE : number, addresses.number(NETWORK, low)));
    }

    @Test
    void threadsThatTakeAndReleaseSeeNobodyElsesAddress() throws InterruptedException, ExecutionException {
        final AtomicLong nowMs = new AtomicLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            final List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                final int seed = i;
                all.add(threads.submit(() -> takeAndRelease(new Random(seed), nowMs)));
            }
            for (final Future<?> each : all) {
                each.get();
            }
        }
        final Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < ADDRESSES; i++) {
            final int number = addresses.take(high(i), i, nowMs.get());
            assertEquals(1, addresses.connections(number), "of address " + i);
            assertTrue(numbers.add(number));
        }
    }

    private void takeAndRelease(final Random random, final AtomicLong nowMs) {
        final List<int[]> held = new ArrayList<>();
        for (int i = 0; i < OPERATIONS; i++) {
            if (held.size() < 20 && random.nextBoolean()) {
                final int address = random.nextInt(ADDRESSES);
                final int number = addresses.take(high(address), address, nowMs.get());
                if (number != WantedAddresses.NONE) {
                    held.add(new int[] {address, number});
                }
            } else if (!held.isEmpty()) {
                final int[] one = held.remove(random.nextInt(held.size()));
                if (addresses.low(one[1]) != one[0] || addresses.high(one[1]) != high(one[0])
                    || addresses.number(high(one[0]), one[0]) != one[1]) {
                    throw new AssertionError("number " + one[1] + " is not " + one[0] + "'s any more");
                }
                addresses.release(one[1], nowMs.addAndGet(WantedAddresses.IDLE_MS / 4));
            }
        }
        held.forEach(one -> addresses.release(one[1], nowMs.get()));
    }

    private static long high(final int address) {
        return NETWORK + address;
    }
}
