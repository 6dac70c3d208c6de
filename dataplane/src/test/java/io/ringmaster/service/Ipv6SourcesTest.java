package io.ringmaster.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.packet.Addresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class Ipv6SourcesTest {
    private final Ipv6Sources sources = new Ipv6Sources(List.of(source("fd01::101", 128), source("fd01::100", 128),
        source("fd01::1", 64), source("fd02::1", 64), source("2001:db8::1", 64)));

    @Test
    void theOneWithMostBitsInCommonAsFarAsItsPrefixGoes() throws UnknownHostException {
        assertEquals("fd01::101", towards("fd01::d"));
        assertEquals("fd02::1", towards("fd02::d"));
        assertEquals("2001:db8::1", towards("2001:db8:1::5"));
    }

    @Test
    void theFirstOfSeveral() throws UnknownHostException {
        assertEquals("fd01::101", towards("fd09::1"));
    }

    @Test
    void noneOfNone() {
        assertEquals(-1, Ipv6Sources.NONE.towards(1, 1));
        assertEquals(0, Ipv6Sources.NONE.high(-1) | Ipv6Sources.NONE.low(-1));
    }

    private String towards(final String receiver) throws UnknownHostException {
        final InetAddress to = InetAddress.getByName(receiver);
        final int place = sources.towards(Addresses.high(to), Addresses.low(to));
        return Addresses.toInetAddress(sources.high(place), sources.low(place)).getHostAddress()
            .replaceFirst("(:0)+:", "::");
    }

    private static Ipv6Sources.Source source(final String address, final int prefixBits) {
        try {
            final InetAddress of = InetAddress.getByName(address);
            return new Ipv6Sources.Source(Addresses.high(of), Addresses.low(of), prefixBits);
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }
}
