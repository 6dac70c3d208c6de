package io.ringmaster.sip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Call-ID of messages: what a real kernel (6.1) answered to each, and random ones against a slow reader. */
class CallIdTest {
    private static final int MESSAGES = 200_000;
    private static final String LETTER = "a-zA-Z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff";
    private static final String BLANKS = "[ \t]*+(?<fold>(?:\r\n|[\r\n])[ \t]++)?+";
    private static final String WORD = "[" + LETTER + "0-9\\-.!%*_+`'~()<>:\\\\\"/\\[\\]?{}]";
    private static final Pattern LINE_END = Pattern.compile("\r\n|[\r\n]");
    private static final Pattern NAME = Pattern.compile("(?:(?i)call-id|i(?=[\\x00-\\xff])(?![" + LETTER + "]))");
    private static final Pattern COLON = Pattern.compile(BLANKS + ":(?=[\\x00-\\xff])");
    private static final Pattern SPACE = Pattern.compile(BLANKS);
    private static final Pattern VALUE = Pattern.compile("(" + WORD + "++)(@(" + WORD + "*+))?+");
    private static final String[] PIECES = {"\r\n", "\r\n", "\r\n", "\r", "\n", "Call-ID", "Call-ID", "call-id",
        "CALL-ID", "Call-I", "i", "I", "i", ":", ":", ": ", " ", "\t", "@", "@", "abc", "x1", ";", ",", "\u00e9",
        "\u00d7", "\u00aa", "\u0000", "a@b", "Via: x", "\r\nCall-ID: ", "\r\ni:"};

    private static String find(final String message) {
        final byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        // Nothing before it and nothing behind it may be read, or the memory complains.
        final MemorySegment memory = MemorySegment.ofArray(bytes).asReadOnly();
        final long found = CallId.find(memory, 0, bytes.length);
        return found == CallId.NONE ? "" : new String(bytes, CallId.offset(found), CallId.lengthBytes(found),
            StandardCharsets.ISO_8859_1);
    }

    private static String header(final String line) {
        return "INVITE sip:b@x SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n" + line + "\r\n\r\n";
    }

    private static String unescaped(final String text) {
        return text.replace("^r", "\r").replace("^n", "\n").replace("^t", "\t");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '|', value = {
        "Call-ID: aaa@x, aaa@x", "Call-ID: aaa, aaa", "call-id: low@x, low@x", "i: comp@x, comp@x",
        "I:comp2@x, comp2@x", "Call-ID  :  sp@x, sp@x", "|Call-ID: ts@x |, ||", "Call-ID:^ttab@x, tab@x",
        "Call-ID: ed@, ||", "Call-ID:, ||",
        "Call-ID:^r^n fold@x, fold@x", "Call-ID:^r^n^tftab@x, ftab@x", "Call-ID^r^n : fb@x, fb@x",
        "| Call-ID: cl@x|, ||", "Call-ID: x@^r^nCall-ID: g2@x, g2@x", "Call-ID: f1@x^r^nCall-ID: f2@x, f1@x",
        "iz: iz@x, ||", "i1: i1@x, ||",
        "i : is@x, is@x", "Call-ID: caf\u00e9@x, caf\u00e9@x", "Call-ID: a=b@x, ||", "Call-IDx: cx@x, ||",
        "Call-ID: AAA@x, AAA@x", "Call-ID: s@x;a=b, ||", "Call-ID:^r^n ^r^n df@x, ||",
        "Call-ID: ^t ^r^n ^t ^t mix@x, mix@x", "Call-ID ^t: tb@x, tb@x", "i\u00e9: le@x^r^nCall-ID: b1@x, b1@x",
        "i\u00aa: ord@x, ||", "i\u00d7: mul@x, ||", "i:^r^n^tic@x, ic@x", "Call-ID: @x^r^nCall-ID: second@x, second@x",
        "|Call-ID: a%!\"()*+-./:<>?[]\\_`{}~'@x|, |a%!\"()*+-./:<>?[]\\_`{}~'@x|", "|Call-ID: a,b@x|, ||",
        "Call-ID: a;b@x, ||", "Call-ID: a&b@x, ||", "Call-ID: a#b@x, ||", "Call-ID: a$b@x, ||", "Call-ID: \u00d7@x, ||",
        "Call-ID: \u00ff@x, \u00ff@x", "Call-ID: \u00b5@x, ||", "From: x, ||", "Call-ID: a@b@c, ||"})
    void inAHeader(final String line, final String expected) {
        assertEquals(expected, find(header(unescaped(line))));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '|', value = {
        "Call-ID: fl@x^r^n^r^n, ||", "^r^nCall-ID: cs@x^r^n, cs@x", "INVITE^r^nCall-ID: nt@x, ||",
        "INVITE^r^nCall-ID: ct@x^r, ct@x", "INVITE^nCall-ID: lf@x^n, lf@x", "INVITE^rCall-ID: cr@x^r, cr@x",
        "INVITE^r^n^r^nCall-ID: bc@x^r^n, bc@x", "INVITE^n^nCall-ID: bl@x^n, ||", "x, ||", "||, ||",
        "X^n^rCall-ID: lfcr@x^r^n, ||", "X^r^rCall-ID: crcr@x^r^n, ||", "X^r^n^r^n^r^nCall-ID: three@x^r^n, three@x",
        "X^r^n^nCall-ID: crlflf@x^r^n, ||", "X^r^nCall-ID:, ||", "|X^r^nCall-ID: |, ||", "X^r^ni, ||", "X^r^ni:, ||",
        "X^r^ni:q^r, q", "^r, ||", "^r^n, ||",
        "X^r^nCall-ID: p@^r^nCall-ID: q@^r^nCall-ID: third@x^r^nCall-ID: fourth@x^r^n, fourth@x"})
    void anywhere(final String message, final String expected) {
        assertEquals(expected, find(unescaped(message)));
    }

    @Test
    void ofAtMost255Bytes() {
        assertEquals("z".repeat(255), find(header("Call-ID: " + "z".repeat(255))));
        assertEquals("", find(header("Call-ID: " + "z".repeat(256))));
        assertEquals("", find(header("Call-ID: " + "z".repeat(250) + "@example")));
    }

    @Test
    void nothingOutsideTheMessageIsRead() {
        final byte[] around = "\r\nCall-ID: a@b\r\nCall-ID: c@d\r\n".getBytes(StandardCharsets.ISO_8859_1);
        for (int from = 0; from <= around.length; from++) {
            for (int to = from; to <= around.length; to++) {
                final MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, to - from));
                MemorySegment.copy(around, from, memory, ValueLayout.JAVA_BYTE, 0, to - from);
                final String cut = new String(around, from, to - from, StandardCharsets.ISO_8859_1);
                final long found = CallId.find(memory, 0, to - from);
                assertEquals(slow(cut), found == CallId.NONE ? "" : cut.substring(CallId.offset(found),
                    CallId.offset(found) + CallId.lengthBytes(found)));
            }
        }
    }

    @Test
    void randomMessagesAsASlowReaderReadsThem() {
        final long seed = ThreadLocalRandom.current().nextLong();
        final SplittableRandom random = new SplittableRandom(seed);
        int found = 0;
        for (int i = 0; i < MESSAGES; i++) {
            final StringBuilder message = new StringBuilder();
            for (int pieces = random.nextInt(24); pieces > 0; pieces--) {
                message.append(random.nextInt(200) == 0 ? "w".repeat(random.nextInt(300))
                    : PIECES[random.nextInt(PIECES.length)]);
            }
            final String text = message.toString();
            final String expected = slow(text);
            assertEquals(expected, find(text), () -> "seed " + seed + ", message " + text);
            found += expected.isEmpty() ? 0 : 1;
        }
        assertEquals(true, found > MESSAGES / 100, "too few of them had one, seed " + seed);
    }

    /** The same by regular expressions; nothing for none. */
    private static String slow(final String text) {
        int from = 0;
        while (from < text.length()) {
            final int value = slowValue(text, from);
            if (value < 0) {
                return "";
            }
            final Matcher word = VALUE.matcher(text).region(value, text.length());
            if (word.lookingAt() && (word.group(2) == null || !word.group(3).isEmpty())) {
                return word.end() < text.length() && "\r\n".indexOf(text.charAt(word.end())) >= 0
                    && word.group().length() <= CallId.LONGEST_BYTES ? word.group() : "";
            }
            from += value;
        }
        return "";
    }

    private static int slowValue(final String text, final int from) {
        final Matcher end = LINE_END.matcher(text);
        for (int at = from; at <= text.length() && end.find(at); at = end.end() + 1) {
            final Matcher name = NAME.matcher(text).region(end.end(), text.length()).useTransparentBounds(true);
            if (name.lookingAt()) {
                final Matcher colon = COLON.matcher(text).region(name.end(), text.length()).useTransparentBounds(true);
                if (!colon.lookingAt()) {
                    return -1;
                }
                final Matcher space = SPACE.matcher(text).region(colon.end(), text.length());
                final int value = space.lookingAt() ? space.end() : colon.end();
                final boolean ended = value < text.length() && "\r\n".indexOf(text.charAt(value)) >= 0;
                return ended && space.group("fold") == null ? -1 : value;
            }
        }
        return -1;
    }
}
