package io.ringmaster.worker;

import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every sequence of segments that the kernel was asked about, sent through a worker; one client for each sequence. All
 * of them at once, so that batches mix states: the first segment of each, then the second, and so on.
 */
class StateMatrixTest {
    private static final String SERVER = "10.2.0.11:80";
    private static final String SERVICE = "10.1.0.100:80";

    @ParameterizedTest
    @CsvSource({"state-matrix-nat, -m", "state-matrix-nat-flags, -m", "state-matrix-dr, -g"})
    void endsInTheKernelsState(final String name, final String method) throws IOException {
        final List<String> sequences = new ArrayList<>();
        final List<String> expected = new ArrayList<>();
        read(name, sequences, expected);
        try (TestDirector director = new TestDirector(TestDirector.Shape.DEFAULT.capacity(8192).ringSize(256))) {
            director.rules("-A -t " + SERVICE + " -s rr", "-a -t " + SERVICE + " -r " + SERVER + " " + method);
            for (int step = 0; play(director, sequences, step); step++) {
                director.cycle();
            }
            final Map<String, String> states = new HashMap<>();
            for (final String line : director.connections()) {
                final String[] words = line.split(" ");
                states.put(words[1], words[0]);
            }
            final List<String> got = new ArrayList<>();
            for (int i = 0; i < sequences.size(); i++) {
                got.add(sequences.get(i) + " " + states.getOrDefault(client(i), "None"));
            }
            final List<String> different = new ArrayList<>(got);
            different.removeAll(expected);
            assertEquals(List.of(), different);
        }
    }

    private static boolean play(final TestDirector director, final List<String> sequences, final int step) {
        int sent = 0;
        for (int i = 0; i < sequences.size(); i++) {
            final String[] segments = sequences.get(i).split(" ");
            if (step < segments.length) {
                director.arrive(0, 0, segment(segments[step], client(i)));
                if (++sent % 100 == 0) {
                    director.cycle();
                    director.cycle();
                }
            }
        }
        director.cycle();
        return sent > 0;
    }

    private static byte[] segment(final String event, final String client) {
        int flags = 0;
        for (final char flag : event.substring(1).toCharArray()) {
            flags |= "FSRPA".indexOf(flag) < 0 ? 0 : 1 << "FSRPA".indexOf(flag);
        }
        return event.charAt(0) == 'c' ? Frames.tcp(CLIENT_ROUTER, MAC_0, client, SERVICE, flags, 0)
            : Frames.tcp(TestNetwork.serverMac(11), MAC_0, SERVER, client, flags, 0);
    }

    private static String client(final int i) {
        return "10.9." + i / 250 + "." + (i % 250 + 1) + ":4000";
    }

    private static void read(final String name, final List<String> sequences, final List<String> expected)
        throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(StateMatrixTest.class
            .getResourceAsStream("/io/ringmaster/connection/" + name + ".txt"), StandardCharsets.UTF_8))) {
            reader.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                sequences.add(line.substring(0, line.lastIndexOf(' ')));
                expected.add(line);
            });
        }
    }
}
