package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Keys of the XDP program's maps, as {@code src/main/bpf/maps.h} has them. Addresses are the two longs of this product,
 * IPv4 as ::ffff:a.b.c.d; in a key everything is in network order.
 */
final class MapKeys {
    private static final ValueLayout.OfLong BIG_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort BIG_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int MAC_BYTES = 6;

    private MapKeys() {
    }

    /** struct address: 16 bytes. */
    static MemorySegment address(final SegmentAllocator allocator, final long high, final long low) {
        final MemorySegment key = allocator.allocate(16, 4);
        putAddress(key, high, low);
        return key;
    }

    private static void putAddress(final MemorySegment key, final long high, final long low) {
        key.set(BIG_LONG, 0, high);
        key.set(BIG_LONG, 8, low);
    }

    /** struct endpoint: address 0, port 16, protocol 18, zero 19. */
    static MemorySegment endpoint(final SegmentAllocator allocator, final int protocol, final long high,
                                  final long low, final int port) {
        if (protocol < 0 || protocol > 255 || port < 0 || port > 65_535) {
            throw new IllegalArgumentException("No endpoint has protocol " + protocol + " and port " + port
                + "; a protocol is 0 to 255, a port 0 to 65535.");
        }
        final MemorySegment key = allocator.allocate(20, 4);
        putAddress(key, high, low);
        key.set(BIG_SHORT, 16, (short) port);
        key.set(JAVA_BYTE, 18, (byte) protocol);
        return key;
    }

    /** struct interface_mac: interface 0 (this machine's byte order), MAC 4, zero 10. */
    static MemorySegment interfaceMac(final SegmentAllocator allocator, final int interfaceIndex, final long mac) {
        final MemorySegment key = allocator.allocate(12, 4);
        key.set(JAVA_INT, 0, interfaceIndex);
        putMac(key, 4, mac);
        return key;
    }

    /** struct interface_vlan: interface 0, tags 4, both in this machine's byte order. */
    static MemorySegment interfaceVlan(final SegmentAllocator allocator, final int interfaceIndex, final int tags) {
        final MemorySegment key = allocator.allocate(8, 4);
        key.set(JAVA_INT, 0, interfaceIndex);
        key.set(JAVA_INT, 4, tags);
        return key;
    }

    /** The first byte on the wire is that of bits 47 to 40. */
    static void putMac(final MemorySegment into, final long offset, final long mac) {
        for (int i = 0; i < MAC_BYTES; i++) {
            into.set(JAVA_BYTE, offset + i, (byte) (mac >>> 8 * (MAC_BYTES - 1 - i)));
        }
    }

    /** struct settings: slots_per_interface 0, hand_back_mark 4, keeps_vlans 10. */
    static MemorySegment settings(final SegmentAllocator allocator, final int slotsPerInterface, final long mark,
                                  final boolean keepsVlans) {
        final MemorySegment settings = allocator.allocate(12, 4);
        settings.set(JAVA_INT, 0, slotsPerInterface);
        putMac(settings, 4, mark);
        settings.set(JAVA_SHORT, 10, (short) (keepsVlans ? 1 : 0));
        return settings;
    }
}
