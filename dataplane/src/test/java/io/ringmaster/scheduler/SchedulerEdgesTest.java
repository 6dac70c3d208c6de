package io.ringmaster.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.packet.Addresses;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchedulerEdgesTest {
    private static final ServiceKey KEY = new ServiceKey(1, 6, 0, 0, 80);
    private static final String SERVICE = "tcp 10.1.0.100:80";
    private final RuleBook book = new RuleBook();
    private int opened;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void choosesNobodyFromAnEmptyList(final SchedulerType type) throws Exception {
        book.rule("-A -t 10.1.0.100:80 -s " + type.word());
        assertEquals("-", open());
        book.rule("-a -t 10.1.0.100:80 -r 10.2.0.11:80 -m -w 1");
        assertEquals("10.2.0.11", open());
        book.rule("-d -t 10.1.0.100:80 -r 10.2.0.11:80");
        assertEquals("-", open());
    }

    @Test
    void noneChoosesNobodyAtAll() throws Exception {
        book.rule("-A -t 10.1.0.100:80 -s none");
        book.rule("-a -t 10.1.0.100:80 -r 10.2.0.11:80 -m -w 1");
        assertEquals("-", open());
    }

    @ParameterizedTest
    @EnumSource
    void isFoundByItsWord(final SchedulerType type) {
        assertEquals(type, SchedulerType.find(type.word()).orElseThrow());
        assertTrue(SchedulerType.find(type.word().toUpperCase(Locale.ROOT)).isEmpty());
    }

    @Test
    void roundRobinStepsBackOverEveryRemovedServer() throws Exception {
        book.rule("-A -t 10.1.0.100:80 -s rr");
        for (int i = 11; i <= 14; i++) {
            book.rule("-a -t 10.1.0.100:80 -r 10.2.0." + i + ":80 -m -w 1");
        }
        assertEquals("10.2.0.14 10.2.0.13 10.2.0.12", open() + " " + open() + " " + open());
        book.rule("-d -t 10.1.0.100:80 -r 10.2.0.12:80");
        book.rule("-d -t 10.1.0.100:80 -r 10.2.0.13:80");
        assertEquals("10.2.0.11 10.2.0.14", open() + " " + open());
        book.rule("-d -t 10.1.0.100:80 -r 10.2.0.14:80");
        assertEquals("10.2.0.11", open());
    }

    @Test
    void weightedRoundRobinDoesNotWalkThroughEmptyRounds() {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            book.rule("-A -t 10.1.0.100:80 -s wrr");
            book.rule("-a -t 10.1.0.100:80 -r 10.2.0.11:80 -m -w 1");
            book.rule("-a -t 10.1.0.100:80 -r 10.2.0.12:80 -m -w 65535 -x 1");
            assertEquals("10.2.0.12", open());
            for (int i = 0; i < 20_000; i++) {
                assertEquals("10.2.0.11", open());
            }
        });
    }

    @Test
    void weightedSharesAreExactOverWholeRounds() throws Exception {
        book.rule("-A -t 10.1.0.100:80 -s wrr");
        book.rule("-a -t 10.1.0.100:80 -r 10.2.0.11:80 -m -w 6");
        book.rule("-a -t 10.1.0.100:80 -r 10.2.0.12:80 -m -w 4");
        book.rule("-a -t 10.1.0.100:80 -r 10.2.0.13:80 -m -w 2");
        final Map<String, Integer> shares = new HashMap<>();
        for (int i = 0; i < 600; i++) {
            shares.merge(open(), 1, Integer::sum);
        }
        assertEquals(Map.of("10.2.0.11", 300, "10.2.0.12", 200, "10.2.0.13", 100), shares);
    }

    @Test
    void maglevTableIsFullAndSharedByWeight() throws Exception {
        final int[] table = SchedulerType.MH.prepare(
            new RealServerView[] {server(11, 65_535), server(12, 1), server(13, 0)}, 0);
        final long[] shares = new long[3];
        Arrays.stream(table).forEach(place -> shares[place]++);
        assertEquals(4093, table.length);
        // 65,535 is shifted to 63 entries a turn, 1 stays 1: 64 whole turns have 4,032 + 64 - 3 entries.
        assertEquals(63, shares[0] / shares[1]);
        assertEquals(0, shares[2]);
    }

    @Test
    void maglevKeepsNearlyAllPlacesWhenOneServerGoes() throws Exception {
        final int[] before = SchedulerType.MH.prepare(
            new RealServerView[] {server(11, 1), server(12, 1), server(13, 1), server(14, 1)}, 0);
        final int[] after = SchedulerType.MH.prepare(
            new RealServerView[] {server(11, 1), server(12, 1), server(13, 1)}, 0);
        int moved = 0;
        for (int i = 0; i < before.length; i++) {
            moved += before[i] != 3 && before[i] != after[i] ? 1 : 0;
        }
        assertTrue(moved < 4093 / 10, moved + " entries moved needlessly");
    }

    private String open() throws Exception {
        opened++;
        return book.open(opened, "10.9.0.1", 20_000 + opened, SERVICE);
    }

    private static RealServerView server(final int last, final int lastWeight) throws Exception {
        final InetAddress address = InetAddress.getByName("10.2.0." + last);
        return new RealServerView(last, KEY, Addresses.high(address), Addresses.low(address), 80,
            ForwardingMethod.MASQUERADING,
            new RealServerView.Capacity(lastWeight, lastWeight, 0, 0), true, NextHop.NONE);
    }
}
