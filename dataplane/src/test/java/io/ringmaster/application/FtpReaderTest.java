package io.ringmaster.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.application.FtpReader.Command;
import io.ringmaster.packet.Addresses;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines as clients and servers write them, such as nobody should, and any bytes at all. */
class FtpReaderTest {
    private static final int TRIALS = 300_000;
    private final FtpReader reader = new FtpReader();

    private static MemorySegment memory(final byte[] bytes) {
        final MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, bytes.length));
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return memory;
    }

    private static byte[] bytes(final String line) {
        return line.replace("^r", "\r").replace("^n", "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private Command command(final String line, final boolean ipv6) {
        final byte[] bytes = bytes(line);
        return reader.readCommand(memory(bytes), 0, bytes.length, ipv6);
    }

    private String named() {
        return Addresses.toInetAddress(reader.addressHigh(), reader.addressLow()).getHostAddress() + " "
            + reader.port();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "PASV^r^n; false; PASSIVE",
        "pasv^r^n; false; PASSIVE",
        "USER x^r^nPASV^r^nLIST^r^n; false; PASSIVE",
        "PASV^n; false; NONE",
        "PASV; false; NONE",
        "PASV^r^n; true; NONE",
        "EPSV^r^n; true; EXTENDED_PASSIVE",
        "EPSV^r^n; false; EXTENDED_PASSIVE",
        "epsv 1^r^n; false; EXTENDED_PASSIVE",
        "EPSV 2^r^n; true; EXTENDED_PASSIVE",
        "EPSV 2^r^n; false; NONE",
        "EPSV 1^r^n; true; NONE",
        "EPSV ALL^r^n; false; NONE",
        "EPSVX^r^n; false; NONE",
        "LIST^r^n; false; NONE",
        "XPORT 10,9,1,1,20,30^r^n; false; NONE",
        "PORT 10,9,1,1,20^r^n; false; NONE",
        "PORT 10,9,1,1,20,30; false; NONE",
        "PORT 10,9,1,1,20,30^r^n; true; NONE",
        "EPRT |1|10.9.1.1|5150|^r^n; true; NONE",
        "EPRT |2|fd09::1|5150|^r^n; false; NONE",
        "EPRT |1|10.9.1|5150|^r^n; false; NONE",
        "EPRT |1|10.9.1.256|5150|^r^n; false; NONE",
        "EPRT |1|10.9.1.1|0|^r^n; false; NONE",
        "EPRT |1|10.9.1.1|5150^r^n; false; NONE",
        "EPRT |2|fd09:::1|5150|^r^n; true; NONE",
        "EPRT |2|fd09::1::2|5150|^r^n; true; NONE",
        "EPRT |2|1:2:3:4:5:6:7|5150|^r^n; true; NONE",
        "EPRT |2|1:2:3:4:5:6:7:8:9|5150|^r^n; true; NONE",
        "EPRT |2|12345::1|5150|^r^n; true; NONE",
        "'EPRT '; false; NONE",
        "''; false; NONE"})
    void whatAClientAsksFor(final String line, final boolean ipv6, final Command wanted) {
        assertEquals(wanted, command(line, ipv6));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "PORT 10,9,1,1,20,30^r^n; false; 10.9.1.1 5150",
        "port   10,9,1,1,20,30^r^n; false; 10.9.1.1 5150",
        "PORT 10,9,1,1,20,30 trailing^r^n; false; 10.9.1.1 5150",
        "PORT 010,009,001,001,020,030^r^n; false; 10.9.1.1 5150",
        "EPRT |1|10.9.1.1|5150|^r^n; false; 10.9.1.1 5150",
        "eprt !1!10.9.1.1!5150!^r^n; false; 10.9.1.1 5150",
        "EPRT |2|fd09::1|5150|^r^n; true; fd09:0:0:0:0:0:0:1 5150",
        "EPRT |2|1:2:3:4:5:6:7:8|65535|^r^n; true; 1:2:3:4:5:6:7:8 65535",
        "EPRT |2|2001:db8::|21|^r^n; true; 2001:db8:0:0:0:0:0:0 21",
        "EPRT |2|64:ff9b::10.9.1.1|21|^r^n; true; 64:ff9b:0:0:0:0:a09:101 21",
        "EPRT |2|1:2:3:4:5:6:10.9.1.1|21|^r^n; true; 1:2:3:4:5:6:a09:101 21"})
    void whereAClientListens(final String line, final boolean ipv6, final String wanted) {
        assertEquals(Command.ACTIVE, command(line, ipv6));
        assertEquals(wanted, named());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "227 Entering Passive Mode (10,2,0,11,200,10).^r^n; false; 10,2,0,11,200,10; 51210",
        "227 Entering Passive Mode. 10,2,0,11,200,10^r^n; false; 10,2,0,11,200,10; 51210",
        "227 =10,2,0,11,200,10^r^n; false; 10,2,0,11,200,10; 51210",
        "229 Entering Extended Passive Mode (|||51211|)^r^n; true; |||51211|; 51211",
        "229 Ok (!1!10.2.0.11!51211!)^r^n; true; !1!10.2.0.11!51211!; 51211"})
    void whereAServerListens(final String line, final boolean extended, final String text, final int port) {
        final byte[] bytes = bytes(line);
        assertTrue(reader.readReply(memory(bytes), 0, bytes.length, extended, false));
        assertEquals(text, new String(bytes, (int) reader.start(), (int) (reader.end() - reader.start()),
            StandardCharsets.ISO_8859_1));
        assertEquals(port, reader.port());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "226 Transfer complete (10,2,0,11,200,10)^r^n; false",
        "227 Entering Passive Mode (10,2,0,11,200)^r^n; false",
        "227 Entering Passive Mode (10,2,0,11,200,10; false",
        "227 Entering; false",
        "229 Entering Extended Passive Mode (|||51211|)^r^n; false",
        "227 Entering Passive Mode (10,2,0,11,200,10)^r^n; true",
        "229 Entering Extended Passive Mode (|||51211^r^n; true",
        "229 Entering Extended Passive Mode (||51211|)^r^n; true",
        "229 Entering Extended Passive Mode (|2|fd02::b|51211|)^r^n; true",
        "229 (; true",
        "229 (|; true",
        "229 (||; true",
        "22; true"})
    void whatIsNoReply(final String line, final boolean extended) {
        final byte[] bytes = bytes(line);
        assertFalse(reader.readReply(memory(bytes), 0, bytes.length, extended, false));
    }

    /** The text lies at the very end of its memory: a byte beyond it cannot be read without an exception. */
    @Test
    void anyBytesAreReadWithinTheirLimit() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final String[] seeds = {"PASV\r\n", "EPSV 2\r\n", "PORT 10,9,1,1,20,30\r\n", "EPRT |1|10.9.1.1|5150|\r\n",
            "EPRT |2|1:2:3::10.9.1.1|5150|\r\n", "227 Entering Passive Mode (10,2,0,11,200,10).\r\n",
            "229 Ok (|||51211|)\r\n", "229 Ok (|2|fd02::b|51211|)\r\n"};
        for (int i = 0; i < TRIALS; i++) {
            final byte[] bytes = bytes(seeds[random.nextInt(seeds.length)]);
            for (int change = random.nextInt(4); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? random.nextInt(256)
                    : "|:.,0129fF( \r\n".charAt(random.nextInt(14)));
            }
            final int from = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : 0;
            final int limit = random.nextInt(3) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
            final MemorySegment memory = memory(bytes).asSlice(0, Math.max(1, limit));
            final boolean ipv6 = random.nextBoolean();
            final int trial = i;
            try {
                reader.readCommand(memory, from, limit, ipv6);
                for (final boolean extended : new boolean[] {false, true}) {
                    if (reader.readReply(memory, from, limit, extended, ipv6)) {
                        assertTrue(from < reader.start() && reader.start() < reader.end() && reader.end() <= limit
                            && reader.port() >> 16 == 0, () -> "seed " + seed + " trial " + trial);
                    }
                }
            } catch (final IndexOutOfBoundsException e) {
                throw new AssertionError("seed " + seed + " trial " + trial, e);
            }
        }
    }
}
