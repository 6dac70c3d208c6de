package io.ringmaster.conformance;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fields of a frame by name, in wire order, for people to compare: Ethernet, ARP, and from there on what
 * {@link NetworkFields} and {@link TransportFields} know. A field that is cut off is left out; what is left of the
 * frame is its payload.
 */
final class FrameFields {
    static final int ETHERNET = 14;
    private static final int SHOWN_BYTES = 24;

    private final ByteBuffer bytes;
    private final Map<String, String> fields = new LinkedHashMap<>();

    private FrameFields(final byte[] frame) {
        bytes = ByteBuffer.wrap(frame);
    }

    /** All fields of a frame. */
    static Map<String, String> of(final byte[] frame) {
        final FrameFields all = new FrameFields(frame);
        all.ethernet();
        return all.fields;
    }

    private void ethernet() {
        if (bytes.capacity() < ETHERNET) {
            payload("", 0, bytes.capacity());
            return;
        }
        put("eth.to", mac(0));
        put("eth.from", mac(6));
        final int type = u16(12);
        put("eth.type", String.format("%04x", type));
        switch (type) {
            case 0x0806 -> arp();
            case 0x0800, 0x86dd -> NetworkFields.read(this, "", ETHERNET, bytes.capacity(), false);
            default -> payload("", ETHERNET, bytes.capacity());
        }
    }

    private void arp() {
        if (bytes.capacity() < ETHERNET + 28) {
            payload("arp.", ETHERNET, bytes.capacity());
            return;
        }
        put("arp.operation", u16(20));
        put("arp.from-mac", mac(22));
        put("arp.from", address(28, 4));
        put("arp.to-mac", mac(32));
        put("arp.to", address(38, 4));
    }

    /** What no field tells. */
    void payload(final String prefix, final int from, final int to) {
        final int length = Math.max(0, to - from);
        put(prefix + "payload-bytes", length);
        for (int at = from; at < to; at += SHOWN_BYTES) {
            put(prefix + "payload[" + (at - from) + "]",
                HexFormat.of().formatHex(bytes.array(), at, Math.min(to, at + SHOWN_BYTES)));
        }
    }

    void put(final String name, final Object value) {
        String key = name;
        for (int i = 2; fields.containsKey(key); i++) {
            key = name + "#" + i;
        }
        fields.put(key, String.valueOf(value));
    }

    int u8(final int at) {
        return bytes.get(at) & 0xff;
    }

    int u16(final int at) {
        return bytes.getShort(at) & 0xffff;
    }

    long u32(final int at) {
        return bytes.getInt(at) & 0xffff_ffffL;
    }

    byte[] copy(final int from, final int to) {
        return Arrays.copyOfRange(bytes.array(), from, Math.max(from, to));
    }

    String hex(final int from, final int to) {
        return HexFormat.of().formatHex(bytes.array(), from, to);
    }

    private String mac(final int at) {
        return HexFormat.ofDelimiter(":").formatHex(bytes.array(), at, at + 6);
    }

    String address(final int at, final int lengthBytes) {
        return address(copy(at, at + lengthBytes));
    }

    static String address(final byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException(bytes.length + " bytes are no address", e);
        }
    }
}
