package io.ringmaster.bench.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** What FTP and SIP say, in pieces that fit together, or nearly. Owned by one thread. */
final class Payloads {
    private static final String[] FTP = {"PORT 10,9,1,1,15,160\r\n", "EPRT |1|10.9.1.1|4000|\r\n",
        "EPRT |2|fd09::1|4000|\r\n", "PASV\r\n", "EPSV\r\n",
        "227 Entering Passive Mode (10,2,0,11,156,64).\r\n", "229 Entering Extended Passive Mode (|||40000|)\r\n",
        "PORT 999,1,1,1,1,1\r\n", "PORT 10,9,1,1,15", "227 (10,2,0,11,156,", "229 (|||", "EPRT ||||\r\n",
        "PORT 10,9,1,1,255,255,255\r\n", "227 =10,2,0,11,0,0\r\n", "229 (|||99999|)\r\n", "USER x\r\n", "port ",
        "227 Entering Passive Mode (010,002,000,011,000,021)\r\n"};
    private static final String[] SIP = {"INVITE sip:a@b SIP/2.0\r\n", "SIP/2.0 200 OK\r\n",
        "Call-ID: abc@10.9.1.1\r\n",
        "call-id:x\r\n", "i: y\r\n", "i:\t\t\r\n", "Call-ID:\r\n", "Call-ID: ", "From: <sip:a@b>\r\n", "\r\n\r\n",
        "Call-ID: 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
            + "\r\n", "Via: SIP/2.0/UDP x\r\n", "\n", "\r", "Call-ID\r\n", "Max-Forwards: 70\r\n"};
    private static final int TCP = 6;
    private static final int[] BEHIND = {20, 8};

    private final SplittableRandom random;

    Payloads(final SplittableRandom random) {
        this.random = random;
    }

    /** Writes some behind the transport header. */
    void write(final Buffer frame) {
        final boolean ftp = random.nextBoolean();
        final String[] pieces = ftp ? FTP : SIP;
        final StringBuilder text = new StringBuilder();
        for (int left = 1 + random.nextInt(ftp ? 2 : 6); left > 0; left--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        final byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        for (int left = random.nextInt(3); left > 0; left--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        final int at = frame.transport() + BEHIND[frame.protocol() == TCP ? 0 : 1];
        frame.length(at + bytes.length - (random.nextInt(4) == 0 ? random.nextInt(bytes.length) : 0));
        frame.put(at, bytes);
        if (random.nextBoolean()) {
            frame.u16(frame.transport() + (random.nextBoolean() ? 2 : 0), ftp ? 21 : 5060);
        }
        if (frame.protocol() == TCP) {
            frame.u8(frame.transport() + 12, 0x50);
        }
    }
}
