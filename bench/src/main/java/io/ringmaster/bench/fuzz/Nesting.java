package io.ringmaster.bench.fuzz;

import java.util.SplittableRandom;

/** Packets in packets: tunnels, ICMP errors that quote, headers between others. Owned by one thread. */
final class Nesting {
    private static final int NETWORK = Buffer.NETWORK;
    private static final int[] ERRORS_4 = {0x0300, 0x0301, 0x0303, 0x0304, 0x0400, 0x0500, 0x0b00, 0x0b01, 0x0c00,
        0x0800, 0x0000};
    private static final int[] ERRORS_6 = {0x0100, 0x0104, 0x0200, 0x0300, 0x0301, 0x0400, 0x0402, 0x8000, 0x8100,
        0x8700, 0x0500};
    private static final int[] EXTENSIONS = {0, 43, 44, 60, 51, 135};
    private static final int[] OPTIONS_4 = {0, 1, 7, 0x44, 0x83, 0x89, 0x94, 0x82, 0xff};
    private static final int MOST_EXTENSIONS = 12;

    private final SplittableRandom random;
    private final Dictionary words;

    Nesting(final SplittableRandom random, final Dictionary words) {
        this.random = random;
        this.words = words;
    }

    /** Puts a tunnel around the packet: IP, GRE or GUE, of either family. */
    void wrap(final Buffer frame) {
        final boolean six = frame.ipv6();
        final int kind = random.nextInt(3);
        int inner = six ? 41 : 4;
        if (kind == 1) {
            final boolean summed = random.nextBoolean();
            frame.insert(NETWORK, summed ? 8 : 4);
            frame.u16(NETWORK, summed ? 0x8000 : 0);
            frame.u16(NETWORK + 2, six ? 0x86dd : 0x0800);
            inner = 47;
        } else if (kind == 2) {
            frame.insert(NETWORK, 12);
            frame.u16(NETWORK, words.port());
            frame.u16(NETWORK + 2, 6080);
            frame.u8(NETWORK + 8, random.nextInt(4) == 0 ? random.nextInt(256) : 0);
            frame.u8(NETWORK + 9, six ? 41 : 4);
            inner = 17;
        }
        ip(frame, random.nextBoolean(), inner);
    }

    /** Puts an IP header in front, of either family. */
    private void ip(final Buffer frame, final boolean six, final int protocol) {
        frame.insert(NETWORK, six ? 40 : 20);
        frame.u16(12, six ? 0x86dd : 0x0800);
        frame.u8(NETWORK, six ? 0x60 : 0x45);
        if (six) {
            frame.u8(NETWORK + 6, protocol);
            frame.u8(NETWORK + 7, 64);
            frame.put(NETWORK + 8, words.ipv6());
            frame.put(NETWORK + 24, words.ipv6());
        } else {
            frame.u8(NETWORK + 8, 64);
            frame.u8(NETWORK + 9, protocol);
            frame.put(NETWORK + 12, words.ipv4());
            frame.put(NETWORK + 16, words.ipv4());
        }
        frame.repairLength();
        frame.repairTransport();
        frame.repairHeader();
    }

    /** Makes an ICMP error that quotes the packet, or as much of it as came along; perhaps one that went back. */
    void wrapInError(final Buffer frame) {
        final boolean six = frame.ipv6();
        if (random.nextBoolean()) {
            turnRound(frame, six);
        }
        if (random.nextInt(3) == 0) {
            frame.length(frame.transport() + random.nextInt(20));
        }
        frame.insert(NETWORK, 8);
        final int[] types = six ? ERRORS_6 : ERRORS_4;
        frame.u16(NETWORK, types[random.nextInt(types.length)]);
        frame.u16(NETWORK + 6, random.nextInt(3) == 0 ? words.edge() : 1400);
        ip(frame, six ^ random.nextInt(50) == 0, six ? 58 : 1);
    }

    /** What the other end would have sent: errors tell of packets that went the other way. */
    private static void turnRound(final Buffer frame, final boolean six) {
        final int bytes = six ? 16 : 4;
        final int source = NETWORK + (six ? 8 : 12);
        for (int i = 0; i < bytes; i++) {
            swap(frame, source + i, source + bytes + i);
        }
        swap(frame, frame.transport(), frame.transport() + 2);
        swap(frame, frame.transport() + 1, frame.transport() + 3);
    }

    private static void swap(final Buffer frame, final int one, final int two) {
        final int kept = frame.u8(one);
        frame.u8(one, frame.u8(two));
        frame.u8(two, kept);
    }

    /** IPv4 options, or IPv6 extension headers, of which some say the wrong length. */
    void extend(final Buffer frame) {
        if (frame.ipv6()) {
            for (int left = 1 + random.nextInt(random.nextInt(MOST_EXTENSIONS) + 1); left > 0; left--) {
                extension(frame);
            }
        } else {
            options(frame);
        }
    }

    private void extension(final Buffer frame) {
        final int at = NETWORK + 40;
        final int type = EXTENSIONS[random.nextInt(EXTENSIONS.length)];
        final int units = random.nextInt(8) == 0 ? random.nextInt(1, 6) : 0;
        frame.insert(at, 8 + units * 8);
        frame.u8(at, frame.u8(NETWORK + 6));
        frame.u8(at + 1, type == 44 ? 0 : random.nextInt(12) == 0 ? random.nextInt(256) : type == 51 ? 2 * units
            : units);
        if (type == 44) {
            frame.u16(at + 2, random.nextBoolean() ? 0 : random.nextInt(64) << 3 | random.nextInt(2));
            frame.u16(at + 6, random.nextInt(8));
        } else {
            frame.u16(at + 2, random.nextInt(3) == 0 ? random.nextInt(65_536) : 0x0104);
        }
        frame.u8(NETWORK + 6, type);
    }

    private void options(final Buffer frame) {
        final int headerBytes = (frame.u8(NETWORK) & 15) * 4;
        final int words32 = random.nextInt(1, 11);
        if (!frame.ipv4() || headerBytes < 20 || headerBytes + words32 * 4 > 60) {
            return;
        }
        frame.insert(NETWORK + 20, words32 * 4);
        int at = NETWORK + 20;
        while (at < NETWORK + 20 + words32 * 4) {
            frame.u8(at, OPTIONS_4[random.nextInt(OPTIONS_4.length)]);
            final int bytes = random.nextInt(4) == 0 ? random.nextInt(256) : 3 + 4 * random.nextInt(4);
            frame.u8(at + 1, bytes);
            frame.u8(at + 2, random.nextInt(4) == 0 ? random.nextInt(256) : 4);
            at += random.nextBoolean() ? 1 : Math.max(1, bytes);
        }
        frame.u8(NETWORK, 0x40 | headerBytes / 4 + words32);
    }
}
