package io.ringmaster.application;

import io.ringmaster.packet.Addresses;

/** Writes where a client is to connect to into the reply to PASV or EPSV. Owned by one worker. */
public final class FtpReply {
    private static final int LONGEST = "255,255,255,255,255,255".length();
    private static final int OCTETS = 4;
    private static final int DECIMAL = 10;
    private static final int U8 = 0xff;

    private final byte[] text = new byte[LONGEST];
    private int bytes;

    /** Of PASV: h1,h2,h3,h4,p1,p2 (RFC 959 §4.1.2). */
    public void passive(final long addressLow, final int port) {
        bytes = 0;
        final int address = Addresses.ipv4(addressLow);
        for (int i = OCTETS - 1; i >= 0; i--) {
            number(address >>> i * Byte.SIZE & U8);
            text[bytes++] = ',';
        }
        number(port >>> Byte.SIZE);
        text[bytes++] = ',';
        number(port & U8);
    }

    /** Of EPSV: the port alone, since the client goes on with the address that it knows (RFC 2428 §3). */
    public void extendedPassive(final int port) {
        bytes = 0;
        for (int i = 0; i < 3; i++) {
            text[bytes++] = '|';
        }
        number(port);
        text[bytes++] = '|';
    }

    private void number(final int number) {
        if (number >= DECIMAL) {
            number(number / DECIMAL);
        }
        text[bytes++] = (byte) ('0' + number % DECIMAL);
    }

    /** What was written last; as many of its bytes count as {@link #bytes} says. */
    public byte[] text() {
        return text;
    }

    public int bytes() {
        return bytes;
    }
}
