package io.ringmaster.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.packet.Addresses;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rule for firewall marks counts for a packet. */
class MarkMatcherTest {
    private static final int NO_SERVICE = -1;

    private static int address(final String dotted) {
        int address = 0;
        for (final String part : dotted.split("\\.")) {
            address = address << 8 | Integer.parseInt(part);
        }
        return address;
    }

    private static AddressPrefix prefix(final String text) {
        final String[] parts = text.split("/");
        return new AddressPrefix(Addresses.IPV4_HIGH, Addresses.ipv4Low(address(parts[0])),
            96 + Integer.parseInt(parts[1]));
    }

    private static MarkRule rule(final String destination, final String source, final int interfaceIndex,
                                 final int protocol, final PortRange... ports) {
        return new MarkRule(prefix(destination), prefix(source), interfaceIndex, "", protocol, List.of(ports), 1,
            false);
    }

    private static final List<MarkRule> RULES = List.of(
        rule("10.5.0.0/16", "0.0.0.0/0", 0, 0, PortRange.ALL),
        rule("10.5.7.0/24", "0.0.0.0/0", 0, 6, new PortRange(80, 80), new PortRange(443, 443),
            new PortRange(8000, 8999)),
        rule("10.6.0.0/17", "192.168.4.0/22", 0, 17, PortRange.ALL),
        rule("10.7.0.1/32", "0.0.0.0/0", 3, 6, PortRange.ALL),
        rule("10.5.7.9/32", "0.0.0.0/0", 0, 6, new PortRange(80, 80)));

    @ParameterizedTest(name = "{0} {1}>{2}:{3} by {4}: {5}")
    @CsvSource({
        "6, 10.9.1.1, 10.5.0.1, 22, 1, 0",
        "17, 10.9.1.1, 10.5.255.255, 0, 1, 0",
        "6, 10.9.1.1, 10.4.255.255, 22, 1, -1",
        "6, 10.9.1.1, 10.6.0.0, 22, 1, -1",
        "6, 10.9.1.1, 10.5.7.1, 80, 1, 1",
        "6, 10.9.1.1, 10.5.7.1, 81, 1, 0",
        "6, 10.9.1.1, 10.5.7.1, 443, 1, 1",
        "6, 10.9.1.1, 10.5.7.1, 7999, 1, 0",
        "6, 10.9.1.1, 10.5.7.1, 8000, 1, 1",
        "6, 10.9.1.1, 10.5.7.1, 8999, 1, 1",
        "6, 10.9.1.1, 10.5.7.1, 9000, 1, 0",
        "17, 10.9.1.1, 10.5.7.1, 80, 1, 0",
        "17, 192.168.4.0, 10.6.1.1, 53, 1, 2",
        "17, 192.168.7.255, 10.6.127.255, 53, 1, 2",
        "17, 192.168.8.0, 10.6.1.1, 53, 1, -1",
        "17, 192.168.4.1, 10.6.128.0, 53, 1, -1",
        "6, 192.168.4.1, 10.6.1.1, 53, 1, -1",
        "6, 10.9.1.1, 10.7.0.1, 80, 3, 3",
        "6, 10.9.1.1, 10.7.0.1, 80, 2, -1",
        "6, 10.9.1.1, 10.7.0.1, 80, 0, 3",
        "6, 10.9.1.1, 10.7.0.2, 80, 3, -1",
        "6, 10.9.1.1, 10.5.7.9, 80, 1, 1"})
    void theLastRuleOfAServiceCounts(final int protocol, final String source, final String destination, final int port,
                                     final int interfaceIndex, final int expected) {
        // The last rule has a mark that no service has.
        final MarkMatcher matcher = new MarkMatcher(RULES, new int[] {0, 1, 2, 3, NO_SERVICE});
        assertEquals(expected, matcher.slot(protocol, Addresses.IPV4_HIGH, Addresses.ipv4Low(address(source)),
            Addresses.IPV4_HIGH, Addresses.ipv4Low(address(destination)), port, interfaceIndex));
    }

    @Test
    void aPrefixOfOneFamilyHasNoAddressOfTheOther() {
        final long ipv4 = Addresses.ipv4Low(address("10.5.0.1"));
        assertFalse(AddressPrefix.all(true).contains(Addresses.IPV4_HIGH, ipv4));
        assertTrue(AddressPrefix.all(true).contains(0xfd01L << 48, 1));
        assertTrue(AddressPrefix.all(false).contains(Addresses.IPV4_HIGH, ipv4));
        assertFalse(AddressPrefix.all(false).contains(0xfd01L << 48, 1));
        assertEquals(0, AddressPrefix.all(false).length());
        assertEquals(16, prefix("10.5.0.0/16").length());
    }
}
