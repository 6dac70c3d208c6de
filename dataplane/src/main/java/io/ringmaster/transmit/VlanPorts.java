package io.ringmaster.transmit;

import io.ringmaster.packet.Vlan;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The VLANs of the director's interfaces under numbers, which are used as those of interfaces: what comes by such a
 * port came tagged, what leaves by it gets its tags. Shared by all workers, without a lock.
 * <pre>
 *   0 to interfaces - 1                the interfaces themselves
 *   then, one each                     VLAN interfaces of the kernel's; never changed
 *   then, 2 x 32 for each interface    VLANs that none stands for, as they were seen: 32 of one tag, 32 of two; a place
 *                                      is empty until one CAS fills it, and never changes after
 *   place (64 bits):  | 1: used | 31: interface | 32: tags, see {@link Vlan} |
 * </pre>
 */
public final class VlanPorts {
    /** Not a number of any port. */
    public static final int NONE = -1;
    /** VLANs of one interface that are kept without a VLAN interface, of one tag, and as many of two. */
    public static final int KEPT = 32;
    private static final long USED = 1L << 63;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final int interfaces;
    private final int devices;
    private final boolean keeps;
    private final AtomicLongArray places;
    /** Numbers of VLAN interfaces by the hash of their word, 0 where there is none. */
    private final int[] numbers;

    /**
     * A VLAN interface.
     *
     * @param parent number of the interface that its frames come by.
     * @param tags   that they have, see {@link Vlan}.
     */
    public record Device(int parent, int tags) {
    }

    /**
     * The ports of a director.
     *
     * @param interfaces how many there are; their numbers are the first.
     * @param vlans      VLAN interfaces on these.
     * @param keeps      whether VLANs that none of these stands for are served, too.
     */
    public VlanPorts(final int interfaces, final List<Device> vlans, final boolean keeps) {
        this.interfaces = interfaces;
        this.devices = vlans.size();
        this.keeps = keeps;
        this.places = new AtomicLongArray(devices + (keeps ? interfaces * 2 * KEPT : 0));
        this.numbers = new int[Integer.highestOneBit(Math.max(1, devices)) * 4];
        for (int i = 0; i < devices; i++) {
            final long word = word(vlans.get(i).parent(), vlans.get(i).tags());
            places.set(i, word);
            int at = hash(word);
            while (numbers[at] != 0) {
                at = at + 1 & numbers.length - 1;
            }
            numbers[at] = interfaces + i;
        }
    }

    private VlanPorts(final VlanPorts of) {
        this.interfaces = of.interfaces;
        this.devices = of.devices;
        this.keeps = of.keeps;
        this.places = new AtomicLongArray(of.places.length());
        for (int i = 0; i < places.length(); i++) {
            places.setPlain(i, of.places.getAcquire(i));
        }
        this.numbers = of.numbers;
    }

    /** The same ports under the same numbers, for one who may give some that nobody else is to see. */
    public VlanPorts copy() {
        return new VlanPorts(this);
    }

    /** All numbers, of interfaces and VLANs. */
    public int count() {
        return interfaces + places.length();
    }

    /** How many numbers are those of interfaces and of VLAN interfaces. */
    public int known() {
        return interfaces + devices;
    }

    /**
     * The port of a frame, given a number now if its VLAN is new.
     *
     * @param port number of the interface that it came by.
     * @param tags that it had, not 0.
     * @return {@link #NONE} if it is none of ours, or if there is no place left.
     */
    public int portOf(final int port, final int tags) {
        final long word = word(port, tags);
        for (int at = hash(word); numbers[at] != 0; at = at + 1 & numbers.length - 1) {
            if (places.getPlain(numbers[at] - interfaces) == word) {
                return numbers[at];
            }
        }
        return keeps ? kept(port, tags, word) : NONE;
    }

    private int kept(final int port, final int tags, final long word) {
        final int first = devices + (2 * port + (Vlan.areTwo(tags) ? 1 : 0)) * KEPT;
        for (int place = first; place < first + KEPT; place++) {
            final long seen = places.getAcquire(place);
            // A lost race shows the winner's word: it may be just this one.
            if (seen == word || seen == 0 && (places.compareAndSet(place, 0, word) || places.get(place) == word)) {
                return interfaces + place;
            }
        }
        return NONE;
    }

    /** The interface of a port that stands for a VLAN. */
    public int parent(final int port) {
        return (int) (places.getAcquire(port - interfaces) >>> Integer.SIZE) & Integer.MAX_VALUE;
    }

    /** The tags of a port that stands for a VLAN. */
    public int tags(final int port) {
        return (int) places.getAcquire(port - interfaces);
    }

    /** The interface of a port among those behind {@link #known}, whether it was seen yet or not. */
    public int keptOn(final int port) {
        return (port - known()) / (2 * KEPT);
    }

    /** Whether a port among those behind {@link #known} is for VLANs of two tags. */
    public boolean keepsTwo(final int port) {
        return (port - known()) / KEPT % 2 == 1;
    }

    private int hash(final long word) {
        return (int) (word * MIX >>> 32) & numbers.length - 1;
    }

    private static long word(final int port, final int tags) {
        return USED | (long) port << Integer.SIZE | Integer.toUnsignedLong(tags);
    }
}
