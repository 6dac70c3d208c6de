package io.ringmaster.bench.fuzz;

import java.util.SplittableRandom;

/**
 * Changes a frame in a few random ways: bits, lengths, cuts, fields, what is in front ({@link Nesting}) and inside
 * ({@link Payloads}). Most are made whole again afterwards, lengths and checksums, since what is wrong in the first
 * header gets no further than that. The same random numbers make the same frames. Owned by one thread.
 */
final class Mutator {
    private static final int KINDS = 22;

    private final SplittableRandom random;
    private final Dictionary words;
    private final Nesting nesting;
    private final Payloads payloads;

    Mutator(final SplittableRandom random) {
        this.random = random;
        this.words = new Dictionary(random);
        this.nesting = new Nesting(random, words);
        this.payloads = new Payloads(random);
    }

    /** Changes a frame; other is one that pieces may be taken of. */
    void mutate(final Buffer frame, final byte[] other) {
        for (int left = 1 + random.nextInt(random.nextInt(4) + 1); left > 0; left--) {
            once(frame, other);
        }
        final int repairs = random.nextInt(16);
        if (repairs > 2) {
            frame.repairLength();
        }
        if (repairs > 4) {
            frame.repairTransport();
        }
        if (repairs > 0) {
            frame.repairHeader();
        }
        if (random.nextInt(32) == 0) {
            // Ethernet's padding, which is no part of the packet.
            final int before = frame.length();
            frame.length(before + random.nextInt(64));
            for (int i = before; i < frame.length(); i++) {
                frame.u8(i, random.nextInt(256));
            }
        }
    }

    private void once(final Buffer frame, final byte[] other) {
        final int network = Buffer.NETWORK;
        final int transport = frame.transport();
        switch (random.nextInt(KINDS)) {
            case 0 -> bits(frame);
            case 1 -> frame.u8(random.nextInt(frame.length() + 1), words.edge());
            case 2 -> frame.u16(random.nextInt(frame.length() + 1) & ~1, words.edge());
            case 3 -> frame.length(random.nextInt(frame.length() + 1));
            case 4 -> frame.length(transport + random.nextInt(24));
            case 5 -> frame.length(frame.length() + random.nextInt(1500));
            case 6 -> frame.u16(network + (frame.ipv6() ? 4 : 2), random.nextBoolean() ? words.edge()
                : frame.length() - network + random.nextInt(-9, 9));
            case 7 -> frame.u8(network, random.nextBoolean() ? 0x40 | random.nextInt(16) : random.nextInt(256));
            case 8 -> fragment(frame);
            case 9 -> frame.u8(network + (frame.ipv6() ? 6 : 9), words.protocol());
            case 10 -> frame.u8(network + (frame.ipv6() ? 7 : 8), random.nextInt(3));
            case 11 -> address(frame, random.nextBoolean());
            case 12 -> frame.u16(transport + 2 * random.nextInt(2), words.port());
            case 13 -> frame.u8(transport + 12 + random.nextInt(2), random.nextInt(256));
            case 14 -> frame.u16(transport + 4 + 2 * random.nextInt(2), words.edge());
            case 15 -> frame.u16(12, random.nextInt(3) == 0 ? words.edge() : random.nextBoolean() ? 0x86dd : 0x0800);
            case 16 -> splice(frame, other);
            case 17 -> nesting.wrap(frame);
            case 18 -> nesting.wrapInError(frame);
            case 19 -> nesting.extend(frame);
            case 20 -> payloads.write(frame);
            default -> {
                // An IPv4 identification of few, so that fragments meet; or a client of many, so that entries do.
                frame.u16(network + 4, random.nextInt(8));
                frame.u16(transport, random.nextInt(65_536));
            }
        }
    }

    private void bits(final Buffer frame) {
        for (int left = 1 + random.nextInt(8); left > 0 && frame.length() > 0; left--) {
            final int at = random.nextInt(frame.length());
            frame.u8(at, frame.u8(at) ^ 1 << random.nextInt(8));
        }
    }

    private void fragment(final Buffer frame) {
        if (frame.ipv4()) {
            final int offset = random.nextInt(4) == 0 ? random.nextInt(0x2000) : random.nextInt(200);
            frame.u16(Buffer.NETWORK + 6, (random.nextBoolean() ? 0x2000 : 0) | (random.nextInt(8) == 0 ? 0x4000 : 0)
                | (random.nextBoolean() ? offset : 0));
            frame.u16(Buffer.NETWORK + 4, random.nextInt(8));
        } else {
            nesting.extend(frame);
        }
    }

    private void address(final Buffer frame, final boolean source) {
        if (frame.ipv6()) {
            frame.put(Buffer.NETWORK + (source ? 8 : 24), words.ipv6());
        } else {
            frame.put(Buffer.NETWORK + (source ? 12 : 16), words.ipv4());
        }
    }

    private void splice(final Buffer frame, final byte[] other) {
        final int at = random.nextInt(frame.length() + 1);
        final int from = random.nextInt(other.length);
        frame.length(Math.max(frame.length(), at + other.length - from));
        for (int i = from; i < other.length; i++) {
            frame.u8(at + i - from, other[i]);
        }
    }
}
