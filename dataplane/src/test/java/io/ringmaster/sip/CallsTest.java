package io.ringmaster.sip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.packet.Addresses;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls and the connections that they made, by one thread. */
class CallsTest {
    private static final long CLIENT = Addresses.ipv4Low(0x0a090101);

    private static int refer(final Calls calls, final String id, final long clientLow) {
        final byte[] bytes = id.getBytes(StandardCharsets.ISO_8859_1);
        return calls.refer(MemorySegment.ofArray(bytes), 0, bytes.length, 0, clientLow);
    }

    @Test
    void aNumberStandsForAClientAndItsCallIdWhileSomebodyRefersToIt() {
        final Calls calls = Calls.allocate(100);
        final int call = refer(calls, "a@x", CLIENT);
        assertEquals(call, refer(calls, "a@x", CLIENT));
        final List<Integer> others = List.of(refer(calls, "a@y", CLIENT), refer(calls, "a@x", CLIENT + 1),
            refer(calls, "A@x", CLIENT), refer(calls, "a@", CLIENT), refer(calls, "a@xy", CLIENT));
        others.forEach(other -> assertNotEquals(call, other));
        assertEquals(6, calls.live());
        assertEquals(new Calls.Call(0, CLIENT, "a@x"), calls.listed(call).orElseThrow());
        calls.release(call);
        assertTrue(calls.listed(call).isPresent(), "one reference is left");
        calls.release(call);
        assertTrue(calls.listed(call).isEmpty());
        others.forEach(calls::release);
        assertEquals(0, calls.live());
    }

    @Test
    void whatDoesNotFitIsRefusedAndFitsAgainOnceOthersEnded() {
        final Calls calls = Calls.allocate(1);
        final List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            taken.add(refer(calls, "call-" + i, CLIENT));
        }
        assertEquals(Calls.FULL, refer(calls, "one too many", CLIENT));
        calls.release(taken.removeLast());
        assertTrue(refer(calls, "one too many", CLIENT) >= 0);
        assertThrows(IllegalArgumentException.class, () -> Calls.allocate(0));
    }

    @Test
    void nominalRoomIsThereWhateverTheCallIds() {
        final Calls calls = Calls.allocate(20_000);
        for (int i = 0; i < 20_000; i++) {
            assertTrue(refer(calls, i + "@example.org", CLIENT + i % 50) >= 0, "call " + i);
            assertTrue(calls.link(i, 0, CLIENT, i % 3 == 0 ? refer(calls, i + "@example.org", CLIENT + i % 50)
                : refer(calls, "0@example.org", CLIENT)), "link " + i);
        }
        assertEquals(20_000, calls.live());
        assertEquals(20_000, calls.linked());
    }

    @Test
    void aLinkHoldsItsCall() {
        final Calls calls = Calls.allocate(10);
        final int call = refer(calls, "a@x", CLIENT);
        assertTrue(calls.link(7, 1, 2, call));
        calls.release(call);
        assertEquals(call, calls.linked(7, 1, 2));
        assertTrue(calls.linked(7, 1, 3) < 0);
        assertTrue(calls.linked(7, 0, 2) < 0);
        assertTrue(calls.unlink(8, 1, 2) < 0);
        assertEquals(call, calls.unlink(7, 1, 2));
        assertTrue(calls.unlink(7, 1, 2) < 0);
        assertEquals("a@x", calls.listed(call).orElseThrow().id(), "the reference is the caller's now");
        calls.release(call);
        assertEquals(0, calls.live());
        assertEquals(0, calls.linked());
    }

    @Test
    void withoutRoomForALinkTheCallIsAsItWas() {
        final Calls calls = Calls.allocate(1);
        final int call = refer(calls, "a@x", CLIENT);
        int links = 0;
        while (calls.link(links, 0, CLIENT, call)) {
            links++;
        }
        assertEquals(4, links);
        for (int i = 0; i < links; i++) {
            assertEquals(call, calls.unlink(i, 0, CLIENT));
            calls.release(call);
        }
        calls.release(call);
        assertFalse(calls.listed(call).isPresent());
    }

    @Test
    void aTemplatesAddressIsOneThatNoClientHas() {
        for (final boolean ipv4 : new boolean[] {true, false}) {
            final long low = Calls.addressLow(ipv4, 0x0123_4567);
            assertEquals(0x0123_4567, Calls.ofAddress(low));
            assertEquals(ipv4, Addresses.isIpv4(Calls.addressHigh(ipv4), low));
            assertTrue(Addresses.toInetAddress(Calls.addressHigh(ipv4), low).isMulticastAddress());
        }
    }

    @Test
    void theWayToTheClientIsRemembered() {
        final Calls calls = Calls.allocate(10);
        final int call = refer(calls, "a@x", CLIENT);
        assertEquals(0, calls.hop(call));
        calls.setHop(call, 1023);
        assertEquals(1023, calls.hop(call));
        calls.release(call);
        assertEquals(0, calls.hop(refer(calls, "a@x", CLIENT)), "of another call now");
    }
}
