package io.ringmaster.sip;

import io.ringmaster.packet.BigEndian;
import java.lang.foreign.MemorySegment;

/**
 * Finds the Call-ID of a SIP message where the kernel's engine finds it (net/netfilter/nf_conntrack_sip.c,
 * ip_vs_pe_sip.c), which is neither all nor only what RFC 3261 §20.8 says: of the first such header, in its long or
 * compact form ({@code i}), on any line but the first, that of a body included. Stateless; reads nothing outside the
 * message, and each byte of it a bounded number of times.
 * <p>
 * What the kernel does not take is no Call-ID here either: one that is longer than {@link #LONGEST_BYTES}, or ends with
 * the message or by anything but the end of its line.
 */
public final class CallId {
    /** Longest Call-ID that counts: the kernel's IP_VS_PEDATA_MAXLEN. */
    public static final int LONGEST_BYTES = 255;
    /** There is none. */
    public static final long NONE = -1;

    private static final int NOWHERE = -1;
    private static final int OFFSET_SHIFT = 16;
    private static final int LENGTH_MASK = (1 << OFFSET_SHIFT) - 1;
    private static final int LOWER_CASE = 0x20;
    private static final byte[] NAME = {'c', 'a', 'l', 'l', '-', 'i', 'd'};
    private static final int COMPACT_NAME = 'i';
    /** Of 7-bit characters: letters, digits and what else may be in a word (RFC 3261 §25.1); two words, bit by bit. */
    private static final long[] WORD_CHARACTERS = wordCharacters();

    private CallId() {
    }

    private static long[] wordCharacters() {
        final long[] bits = new long[2];
        for (final char c : ("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
            + "-.!%*_+`'~()<>:\\\"/[]?{}").toCharArray()) {
            bits[c >> 6] |= 1L << c;
        }
        return bits;
    }

    /**
     * Looks for the Call-ID.
     *
     * @param message     offset of the first byte behind the UDP header.
     * @param lengthBytes to the end of the IP packet, whatever the UDP header says; not negative.
     * @return for {@link #offset} and {@link #lengthBytes}, or {@link #NONE}.
     */
    public static long find(final MemorySegment memory, final long message, final int lengthBytes) {
        int from = 0;
        while (from < lengthBytes) {
            final int value = value(memory, message, from, lengthBytes);
            if (value == NOWHERE) {
                return NONE;
            }
            final int valueBytes = valueBytes(memory, message, value, lengthBytes);
            if (valueBytes > 0) {
                return isLine(memory, message, value + valueBytes, lengthBytes) && valueBytes <= LONGEST_BYTES
                    ? (long) value << OFFSET_SHIFT | valueBytes : NONE;
            }
            // The kernel adds where it was found, counted from the message's start, to where it began to look.
            from += value;
        }
        return NONE;
    }

    /** Where the Call-ID begins, in bytes from the start of the message. */
    public static int offset(final long found) {
        return (int) (found >> OFFSET_SHIFT);
    }

    /** How long it is, 1 to {@link #LONGEST_BYTES}. */
    public static int lengthBytes(final long found) {
        return (int) found & LENGTH_MASK;
    }

    /** Where the value of the next header of that name begins, perhaps at the end; or nowhere. */
    private static int value(final MemorySegment memory, final long message, final int from, final int end) {
        for (int at = from; at < end; at++) {
            if (isLineEnd(BigEndian.u8(memory, message + at))) {
                at = nextLine(memory, message, at, end);
                final int name = nameEnd(memory, message, at, end);
                if (name != NOWHERE) {
                    final int colon = afterSpace(memory, message, name, end);
                    // With the colon missing the kernel does not look any further.
                    return colon == NOWHERE || colon >= end - 1 || BigEndian.u8(memory, message + colon) != ':'
                        ? NOWHERE : afterSpace(memory, message, colon + 1, end);
                }
                // The line's first byte is not looked at again: of two line feeds in a row the second ends no line.
            }
        }
        return NOWHERE;
    }

    /** Where the line after one that ends here begins: CR, LF and CR LF end one. */
    private static int nextLine(final MemorySegment memory, final long message, final int at, final int end) {
        final boolean both = at + 1 < end && BigEndian.u8(memory, message + at) == '\r'
            && BigEndian.u8(memory, message + at + 1) == '\n';
        return both ? at + 2 : at + 1;
    }

    /** Where the header's name ends, if the line begins with it in either form. */
    private static int nameEnd(final MemorySegment memory, final long message, final int line, final int end) {
        if (end - line >= NAME.length && isName(memory, message + line)) {
            return line + NAME.length;
        }
        return end - line >= 2 && lower(BigEndian.u8(memory, message + line)) == COMPACT_NAME
            && !isLetter(BigEndian.u8(memory, message + line + 1)) ? line + 1 : NOWHERE;
    }

    private static boolean isName(final MemorySegment memory, final long at) {
        for (int i = 0; i < NAME.length; i++) {
            if (lower(BigEndian.u8(memory, at + i)) != NAME[i]) {
                return false;
            }
        }
        return true;
    }

    /** Behind spaces and tabs, and behind one line end that such follow; nowhere if the line ends otherwise. */
    private static int afterSpace(final MemorySegment memory, final long message, final int from, final int end) {
        final int at = behindBlanks(memory, message, from, end);
        if (at == end || !isLineEnd(BigEndian.u8(memory, message + at))) {
            return at;
        }
        final int line = nextLine(memory, message, at, end);
        return line < end && isBlank(BigEndian.u8(memory, message + line))
            ? behindBlanks(memory, message, line, end) : NOWHERE;
    }

    private static int behindBlanks(final MemorySegment memory, final long message, final int from, final int end) {
        int at = from;
        while (at < end && isBlank(BigEndian.u8(memory, message + at))) {
            at++;
        }
        return at;
    }

    /** Length of {@code word [ "@" word ]}; 0 if there is none, or none behind the at sign. */
    private static int valueBytes(final MemorySegment memory, final long message, final int value, final int end) {
        final int at = wordEnd(memory, message, value, end);
        if (at == value || at == end || BigEndian.u8(memory, message + at) != '@') {
            return at - value;
        }
        final int host = wordEnd(memory, message, at + 1, end);
        return host == at + 1 ? 0 : host - value;
    }

    private static int wordEnd(final MemorySegment memory, final long message, final int from, final int end) {
        int at = from;
        while (at < end && isWord(BigEndian.u8(memory, message + at))) {
            at++;
        }
        return at;
    }

    private static boolean isLine(final MemorySegment memory, final long message, final int at, final int end) {
        return at < end && isLineEnd(BigEndian.u8(memory, message + at));
    }

    private static boolean isLineEnd(final int c) {
        return c == '\r' || c == '\n';
    }

    private static boolean isBlank(final int c) {
        return c == ' ' || c == '\t';
    }

    private static int lower(final int c) {
        return c >= 'A' && c <= 'Z' ? c | LOWER_CASE : c;
    }

    /** The kernel's isalpha: of ISO 8859-1 (lib/ctype.c), but for its two ordinal indicators and the micro sign. */
    private static boolean isLetter(final int c) {
        return lower(c) >= 'a' && lower(c) <= 'z' || c >= 0xc0 && c != 0xd7 && c != 0xf7;
    }

    private static boolean isWord(final int c) {
        return c < 0x80 ? (WORD_CHARACTERS[c >> 6] >>> c & 1) != 0 : isLetter(c);
    }
}
