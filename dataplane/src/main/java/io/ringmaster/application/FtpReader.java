package io.ringmaster.application;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.BigEndian;
import java.lang.foreign.MemorySegment;

/**
 * Reads what an FTP control connection says about data connections: the commands PORT and PASV (RFC 959 §4.1.2), EPRT
 * and EPSV (RFC 2428), and the replies to the passive ones. Only what begins a segment is read, but for PASV and EPSV,
 * which are found anywhere in one; what is spread over several is not put together (ip_vs_ftp.c). Owned by one worker.
 * <p>
 * Never looks outside the range that it is given. What was read is there until the next reading.
 */
public final class FtpReader {
    private static final byte[] PORT = {'P', 'O', 'R', 'T'};
    private static final byte[] EPRT = {'E', 'P', 'R', 'T'};
    private static final byte[] PASV_LINE = {'P', 'A', 'S', 'V', '\r', '\n'};
    private static final byte[] EPSV = {'E', 'P', 'S', 'V'};
    private static final byte[] ENTERING_PASSIVE = {'2', '2', '7', ' '};
    private static final byte[] ENTERING_EXTENDED = {'2', '2', '9', ' '};
    private static final int LETTER_CASE = 0x20;
    private static final int ADDRESS_BYTES = 4;
    private static final int NUMBERS = 6;
    private static final int DECIMAL = 10;
    private static final int U8 = 0xff;
    private static final int U16 = 0xffff;
    private static final int FIRST_DELIMITER = 33;
    private static final int LAST_DELIMITER = 126;

    private final AddressText text = new AddressText();
    private long addressHigh;
    private long addressLow;
    private int port;
    private long start;
    private long end;

    /** What a client's segment asks for. */
    public enum Command {
        /** Nothing that is about data connections. */
        NONE,
        /** PASV: the server is to say where it listens. */
        PASSIVE,
        /** EPSV: the same, of any family. */
        EXTENDED_PASSIVE,
        /** PORT or EPRT: the client says where it listens. */
        ACTIVE
    }

    /**
     * Reads a client's segment.
     *
     * @param from  first byte of its data.
     * @param limit behind its last.
     * @param ipv6  whether the connection is one of IPv6: PORT and PASV are of IPv4 only.
     */
    public Command readCommand(final MemorySegment memory, final long from, final long limit, final boolean ipv6) {
        for (long at = from; at <= limit - PASV_LINE.length; at++) {
            if (!ipv6 && begins(memory, at, limit, PASV_LINE)) {
                return Command.PASSIVE;
            }
            if (begins(memory, at, limit, EPSV) && (BigEndian.u8(memory, at + EPSV.length) == ' '
                || BigEndian.u8(memory, at + EPSV.length) == '\r')) {
                return asksExtended(memory, at + EPSV.length, limit, ipv6) ? Command.EXTENDED_PASSIVE : Command.NONE;
            }
        }
        if (!ipv6 && begins(memory, from, limit, PORT) && readNumbers(memory, from + PORT.length, limit, ' ')
            || begins(memory, from, limit, EPRT) && readExtended(memory, from + EPRT.length, limit, ' ', false, ipv6)) {
            return Command.ACTIVE;
        }
        return Command.NONE;
    }

    /** EPSV alone, or with the number of the connection's own family: RFC 2428 §3. */
    private static boolean asksExtended(final MemorySegment memory, final long at, final long limit,
                                        final boolean ipv6) {
        return BigEndian.u8(memory, at) == '\r' || at + 2 < limit
            && BigEndian.u8(memory, at + 1) == (ipv6 ? '2' : '1') && BigEndian.u8(memory, at + 2) == '\r';
    }

    /**
     * Reads a server's segment: whether it begins with the reply to PASV, or to EPSV.
     *
     * @param extended whether the client asked by EPSV.
     */
    public boolean readReply(final MemorySegment memory, final long from, final long limit, final boolean extended,
                             final boolean ipv6) {
        return extended
            ? begins(memory, from, limit, ENTERING_EXTENDED)
                && readExtended(memory, from + ENTERING_EXTENDED.length, limit, '(', true, ipv6)
            : begins(memory, from, limit, ENTERING_PASSIVE)
                && readNumbers(memory, from + ENTERING_PASSIVE.length, limit, '(');
    }

    /** The address that was named, high long of {@link Addresses}; of a reply it means nothing. */
    public long addressHigh() {
        return addressHigh;
    }

    /** The same, low long. */
    public long addressLow() {
        return addressLow;
    }

    /** The port that was named, 0 to 65,535. */
    public int port() {
        return port;
    }

    /** Where what names address and port begins. */
    public long start() {
        return start;
    }

    /** Behind its last byte. */
    public long end() {
        return end;
    }

    /** Whether a word stands there whole, in capitals or not. */
    private static boolean begins(final MemorySegment memory, final long from, final long limit, final byte[] word) {
        if (limit - from < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            final int seen = BigEndian.u8(memory, from + i);
            final boolean letter = word[i] >= 'A' && word[i] <= 'Z';
            if ((letter ? seen & ~LETTER_CASE : seen) != word[i]) {
                return false;
            }
        }
        return true;
    }

    /** Behind a word: where, after at least one opening character, something else begins; the limit if nowhere. */
    private static long opened(final MemorySegment memory, final long from, final long limit, final int opening,
                               final boolean digitsToo) {
        long at = from;
        while (at < limit && BigEndian.u8(memory, at) != opening) {
            // The bracket may be missing: then the first digit is that of the address.
            if (digitsToo && isDigit(BigEndian.u8(memory, at))) {
                return at;
            }
            at++;
        }
        while (at < limit && BigEndian.u8(memory, at) == opening) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(final int character) {
        return character >= '0' && character <= '9';
    }

    /** h1,h2,h3,h4,p1,p2, and something behind it. */
    private boolean readNumbers(final MemorySegment memory, final long from, final long limit, final int opening) {
        start = opened(memory, from, limit, opening, true);
        int address = 0;
        int newPort = 0;
        int number = 0;
        int count = 0;
        long at = start;
        for (; at < limit; at++) {
            final int seen = BigEndian.u8(memory, at);
            final boolean next = seen == ',' && count < NUMBERS - 1;
            if (!next && !isDigit(seen)) {
                break;
            }
            if (next) {
                address = count < ADDRESS_BYTES ? address << Byte.SIZE | number : address;
                newPort = count < ADDRESS_BYTES ? newPort : number;
                count++;
                number = 0;
            } else {
                number = number * DECIMAL + seen - '0' & U8;
            }
        }
        end = at;
        addressHigh = Addresses.IPV4_HIGH;
        addressLow = Addresses.ipv4Low(address);
        port = newPort << Byte.SIZE | number;
        return at < limit && count == NUMBERS - 1;
    }

    /** {@code |family|address|port|}, of a reply with family and address left out as a rule. */
    private boolean readExtended(final MemorySegment memory, final long from, final long limit, final int opening,
                                 final boolean reply, final boolean ipv6) {
        start = opened(memory, from, limit, opening, false);
        if (limit - start < 2) {
            return false;
        }
        final int delimiter = BigEndian.u8(memory, start);
        if (delimiter < FIRST_DELIMITER || delimiter > LAST_DELIMITER) {
            return false;
        }
        final long behind;
        if (BigEndian.u8(memory, start + 1) == delimiter) {
            behind = reply && limit - start > 2 && BigEndian.u8(memory, start + 2) == delimiter ? start + 2 : -1;
        } else {
            behind = readAddress(memory, start + 1, limit, delimiter, ipv6);
        }
        return behind >= 0 && readPort(memory, behind + 1, limit, delimiter);
    }

    /** Where the delimiter behind family and address is, or negative. */
    private long readAddress(final MemorySegment memory, final long from, final long limit, final int delimiter,
                             final boolean ipv6) {
        if (limit - from < 2 || BigEndian.u8(memory, from) != (ipv6 ? '2' : '1')
            || BigEndian.u8(memory, from + 1) != delimiter) {
            return -1;
        }
        final long behind = ipv6 ? text.readIpv6(memory, from + 2, limit, delimiter)
            : text.readIpv4(memory, from + 2, limit, delimiter);
        addressHigh = text.high();
        addressLow = text.low();
        return behind;
    }

    private boolean readPort(final MemorySegment memory, final long from, final long limit, final int delimiter) {
        int number = 0;
        long at = from;
        while (at < limit && isDigit(BigEndian.u8(memory, at))) {
            number = number * DECIMAL + BigEndian.u8(memory, at) - '0' & U16;
            at++;
        }
        port = number;
        end = at + 1;
        return at < limit && number != 0 && BigEndian.u8(memory, at) == delimiter;
    }
}
