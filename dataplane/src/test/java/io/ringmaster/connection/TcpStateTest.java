package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transitions and time-outs against what a real kernel did with every sequence of segments (the txt files beside). */
final class TcpStateTest {
    private static final String FLAGS = "FSRPA";

    @ParameterizedTest
    @CsvSource({"nat, 585", "nat-flags, 703", "sloppy-cA, 73", "dr, 341"})
    void sequencesEndInTheKernelsState(final String name, final int cases) throws IOException {
        final boolean replies = !name.equals("dr");
        final List<String> lines = lines("state-matrix-" + name + ".txt");
        for (final String line : lines) {
            final int end = line.lastIndexOf(' ');
            int state = TcpState.NEW.ordinal();
            for (final String segment : line.substring(0, end).split(" ")) {
                state = next(state, segment, replies);
            }
            assertEquals(line.substring(end + 1), state < 0 ? "None" : TcpState.word(state), line);
        }
        assertEquals(cases, lines.size());
    }

    /** The state after a segment; −1 for no connection, as after SYN+RST on a finished one: it ends, none begins. */
    private static int next(final int state, final String segment, final boolean replies) {
        final int flags = flags(segment.substring(1));
        if (segment.charAt(0) == 's') {
            return state < 0 ? state : TcpState.next(TcpState.OUTPUT, state, flags);
        }
        final boolean finished = state == TcpState.TIME_WAIT.ordinal() || state == TcpState.CLOSE.ordinal();
        final boolean fresh = state < 0 || finished && (flags & 2) != 0;
        if (fresh && (flags & 6) != 2) {
            return -1;
        }
        return TcpState.next(replies ? TcpState.INPUT : TcpState.INPUT_ONLY,
            fresh ? TcpState.NEW.ordinal() : state, flags);
    }

    private static int flags(final String letters) {
        int flags = 0;
        for (final char letter : letters.toCharArray()) {
            flags |= switch (letter) {
                case 'F' -> 1;
                case 'S' -> 2;
                case 'R' -> 4;
                case 'P' -> 8;
                case 'A' -> 16;
                default -> 0;
            };
        }
        return flags;
    }

    private static List<String> lines(final String resource) throws IOException {
        try (InputStream in = TcpStateTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                .filter(l -> !l.startsWith("#")).toList();
        }
    }

    @Test
    void rowsOfTheNatMatrix() {
        final String events = "cS cF cA cR sS sF sA sR";
        final String[][] rows = {
            {"SYN_RECV", "SYN_RECV TIME_WAIT ESTABLISHED SYN_RECV SYN_RECV TIME_WAIT ESTABLISHED CLOSE"},
            {"ESTABLISHED", "= CLOSE_WAIT = CLOSE = FIN_WAIT = CLOSE"},
            {"FIN_WAIT", "SYN_RECV TIME_WAIT = CLOSE SYN_SENT = = CLOSE"},
            {"CLOSE_WAIT", "SYN_RECV = = CLOSE SYN_SENT TIME_WAIT = CLOSE"},
            {"TIME_WAIT", "SYN_RECV = = CLOSE SYN_SENT = = ="},
            {"CLOSE", "SYN_RECV = = = SYN_SENT = = ="},
            {"SYN_SENT", "ESTABLISHED = = CLOSE = = = ="},
        };
        for (final String[] row : rows) {
            final String[] expected = row[1].split(" ");
            final String[] columns = events.split(" ");
            for (int i = 0; i < columns.length; i++) {
                final int next = TcpState.next(columns[i].charAt(0) == 'c' ? TcpState.INPUT : TcpState.OUTPUT,
                    TcpState.valueOf(row[0]).ordinal(), flags(columns[i].substring(1)));
                final String state = expected[i].equals("=") ? row[0] : expected[i];
                assertEquals(state, TcpState.word(next), row[0] + columns[i]);
            }
        }
    }

    /** What secure_tcp changes: a client alone gets no further than SYN_RECV, or SYNACK if no reply is seen. */
    @ParameterizedTest
    @CsvSource({"0, SYN_RECV, A, SYN_RECV", "0, SYNACK, S, SYNACK", "0, SYNACK, A, SYNACK", "0, SYNACK, F, SYNACK",
        "0, SYNACK, R, CLOSE", "1, SYN_RECV, SA, SYNACK", "1, SYNACK, S, SYNACK", "1, SYNACK, A, ESTABLISHED",
        "2, NONE, S, SYNACK", "2, FIN_WAIT, S, SYNACK", "2, SYNACK, A, ESTABLISHED", "2, SYN_RECV, A, ESTABLISHED"})
    void secureTransitions(final int direction, final TcpState state, final String flags, final TcpState next) {
        assertEquals(next.ordinal(), TcpState.next(direction + TcpState.SECURE, state.ordinal(), flags(flags)));
    }

    @Test
    void precedenceIsRstSynFinAck() {
        final int established = TcpState.ESTABLISHED.ordinal();
        assertEquals(TcpState.CLOSE.ordinal(), TcpState.next(TcpState.INPUT, established, flags("RSFA")));
        assertEquals(TcpState.ESTABLISHED.ordinal(), TcpState.next(TcpState.INPUT, established, flags("SFA")));
        assertEquals(TcpState.CLOSE_WAIT.ordinal(), TcpState.next(TcpState.INPUT, established, flags("FA")));
        assertEquals(TcpState.CLOSE.ordinal(), TcpState.next(TcpState.INPUT, established, flags("P")));
    }

    @Test
    void activeStatesAreTheKernels() {
        final List<TcpState> active = List.of(TcpState.ESTABLISHED, TcpState.SYN_SENT, TcpState.SYN_RECV,
            TcpState.SYNACK);
        for (final TcpState state : TcpState.values()) {
            assertEquals(active.contains(state), TcpState.isActive(state.ordinal()), state.name());
        }
        assertFalse(TcpState.isActive(TcpState.UDP.ordinal()));
    }

    @Test
    void defaultTimeoutsAreTheKernels() {
        final int[] seconds = {2, 900, 120, 60, 120, 120, 10, 60, 30, 120, 120, 300, 3};
        for (int state = 0; state < seconds.length; state++) {
            assertEquals(seconds[state], TcpState.defaults().tcpSec(state), TcpState.values()[state].name());
        }
        assertEquals(300, TcpState.defaults().udpSec());
    }

    @Test
    void everyStateFitsFourBitsAndStaysInTheTable() {
        assertTrue(TcpState.values().length <= 16);
        for (final TcpState state : TcpState.values()) {
            for (int direction = 0; direction < 2 * TcpState.SECURE; direction++) {
                for (int flags = 0; flags < 64; flags++) {
                    final int next = TcpState.next(direction, state.ordinal(), flags);
                    assertTrue(next >= 0 && next < TcpState.values().length);
                }
            }
        }
        assertEquals("?", TcpState.word(15));
        assertEquals(13, Arrays.stream(TcpState.values()).map(TcpState::word).count());
    }
}
