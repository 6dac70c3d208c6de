package io.ringmaster.cli.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads a pcapng file as its specification says, strictly: what is not as it says fails. */
public final class PcapngBlocks {
    private final List<String> interfaces = new ArrayList<>();
    private final List<Packet> packets = new ArrayList<>();
    private final List<Long> dropped = new ArrayList<>();
    private String comment = "";

    /** A packet. */
    public record Packet(int port, long epochNs, byte[] bytes, int wireBytes, String comment, int flags, long number) {
    }

    /** Reads a whole file. */
    public static PcapngBlocks of(final byte[] file, final int length) {
        final PcapngBlocks blocks = new PcapngBlocks();
        final ByteBuffer at = ByteBuffer.wrap(file, 0, length).slice().order(ByteOrder.LITTLE_ENDIAN);
        while (at.hasRemaining()) {
            assertEquals(0, at.position() % 4, "blocks are aligned");
            final int type = at.getInt();
            final int total = at.getInt();
            assertTrue(total >= 12 && total % 4 == 0, "length of a block: " + total);
            assertEquals(total, at.getInt(at.position() - 8 + total - 4), "the length stands at both ends");
            blocks.read(type, at.slice(at.position(), total - 12).order(ByteOrder.LITTLE_ENDIAN));
            at.position(at.position() + total - 8);
        }
        return blocks;
    }

    public List<String> interfaces() {
        return interfaces;
    }

    public List<Packet> packets() {
        return packets;
    }

    /** Of each interface that says so. */
    public List<Long> dropped() {
        return dropped;
    }

    /** Of the file. */
    public String comment() {
        return comment;
    }

    private void read(final int type, final ByteBuffer body) {
        switch (type) {
            case 0x0a0d0d0a -> section(body);
            case 1 -> networkInterface(body);
            case 5 -> statistics(body);
            case 6 -> packet(body);
            default -> throw new AssertionError("block of type " + type);
        }
    }

    private void section(final ByteBuffer body) {
        assertEquals(0x1a2b3c4d, body.getInt());
        assertEquals(1, body.getShort());
        assertEquals(0, body.getShort());
        assertEquals(-1, body.getLong());
        options(body, (code, value) -> {
            if (code == 1) {
                comment = text(value);
            }
        });
    }

    private void networkInterface(final ByteBuffer body) {
        assertEquals(1, body.getShort(), "Ethernet");
        assertEquals(0, body.getShort());
        assertTrue(body.getInt() > 0);
        options(body, (code, value) -> {
            if (code == 2) {
                interfaces.add(text(value));
            } else {
                assertEquals(9, code);
                assertEquals(9, value.get(), "nanoseconds");
            }
        });
    }

    private void statistics(final ByteBuffer body) {
        assertEquals(dropped.size(), body.getInt());
        body.getLong();
        options(body, (_, value) -> dropped.add(value.getLong()));
    }

    private void packet(final ByteBuffer body) {
        final int port = body.getInt();
        final long epochNs = (long) body.getInt() << 32 | body.getInt() & 0xffff_ffffL;
        final byte[] bytes = new byte[body.getInt()];
        final int wireBytes = body.getInt();
        body.get(bytes);
        skipPadding(body);
        final Object[] found = new Object[3];
        options(body, (code, value) -> {
            switch (code) {
                case 1 -> found[0] = text(value);
                case 2 -> found[1] = value.getInt();
                case 5 -> found[2] = value.getLong();
                default -> throw new AssertionError("option " + code);
            }
        });
        packets.add(new Packet(port, epochNs, bytes, wireBytes, (String) found[0], (int) found[1], (long) found[2]));
    }

    /** Takes an option. */
    private interface Option {
        void take(int code, ByteBuffer value);
    }

    private static void options(final ByteBuffer body, final Option option) {
        int code = body.getShort();
        int length = body.getShort() & 0xffff;
        while (code != 0) {
            option.take(code, body.slice(body.position(), length).order(ByteOrder.LITTLE_ENDIAN));
            body.position(body.position() + length);
            skipPadding(body);
            code = body.getShort();
            length = body.getShort() & 0xffff;
        }
        assertEquals(0, length);
        assertEquals(0, body.remaining());
    }

    private static void skipPadding(final ByteBuffer body) {
        while (body.position() % 4 != 0) {
            assertEquals(0, body.get());
        }
    }

    private static String text(final ByteBuffer value) {
        return StandardCharsets.UTF_8.decode(value).toString();
    }
}
