package io.ringmaster.cli.ipvsadm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServiceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names as the C library of Debian 12 reads them from /etc/hosts and /etc/services: each case was asked of it. */
final class NamesTest {
    @TempDir
    Path folder;

    @Test
    void ipv6LoopbackAndMappedAddressesStandForIpv4() throws IOException {
        final Names names = names("", """
            ::1 loop6
            ::ffff:10.1.0.44 mapped
            fd01::5 only6
            """);
        assertEquals("127.0.0.1", names.address("loop6").toString());
        assertEquals("10.1.0.44", names.address("mapped").toString());
        assertNull(names.address("only6"));
        assertEquals("loop6", names.hostName(HostAddress.parseIpv4("127.0.0.1").orElseThrow()));
        assertEquals("loop6", names.hostName(HostAddress.parseIpv6("::1").orElseThrow()));
        assertEquals("mapped", names.hostName(HostAddress.parseIpv4("10.1.0.44").orElseThrow()));
    }

    @Test
    void theFirstLineCountsWhateverTheCase() throws IOException {
        final Names names = names("", """
            127.0.0.1 localhost
            ::1 localhost
            10.1.0.60\tTwice.example.org twice # again
            10.1.0.61 twice other
            #10.1.0.62 not-this
            """);
        assertEquals("10.1.0.60", names.address("TWICE").toString());
        assertEquals("10.1.0.61", names.address("Other").toString());
        assertEquals("127.0.0.1", names.address("localhost").toString());
        assertNull(names.address("again"));
        assertNull(names.address("not-this"));
        assertEquals("Twice.example.org", names.hostName(HostAddress.parseIpv4("10.1.0.60").orElseThrow()));
    }

    @Test
    void portsHaveNoLeadingZerosAndSixteenBits() throws IOException {
        final Names names = names("""
            one 9001/tcp alias
            again 9001/tcp
            zeros 09006/tcp
            large 70000/tcp
            """, "");
        assertEquals(OptionalInt.of(9001), names.port("alias", ServiceId.TCP));
        assertEquals("one", names.portName(9001, ServiceId.TCP));
        assertEquals("9001", names.portName(9001, ServiceId.UDP));
        assertTrue(names.port("ALIAS", ServiceId.TCP).isEmpty());
        assertTrue(names.port("zeros", ServiceId.TCP).isEmpty());
        assertTrue(names.port("large", ServiceId.TCP).isEmpty());
    }

    private Names names(final String services, final String hosts) throws IOException {
        final Names names = new Names(Files.writeString(folder.resolve("services"), services),
            Files.writeString(folder.resolve("hosts"), hosts));
        names.refresh();
        return names;
    }
}
