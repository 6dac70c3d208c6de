package io.ringmaster.bench.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ringmaster.bench.report.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Reads a director's counters over its control socket, without the start of a process in the middle of a run. */
final class Drops {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String REQUEST = "{\"version\":1,\"args\":[\"drops\",\"--json\"]}\n";

    private Drops() {
    }

    /** Counts by reason, summed over the interfaces where each has its own. */
    static Map<String, Long> read(final Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.UTF_8)));
            return counts(outputOf(new BufferedReader(
                new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))));
        } catch (final IOException e) {
            throw new BenchException("The director did not tell its counters: " + e.getMessage() + ".", e);
        }
    }

    /** The pieces of the answer's output, up to the line with its exit code. */
    private static String outputOf(final BufferedReader lines) throws IOException {
        final StringBuilder output = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            try (JsonParser json = JSON.createParser(line)) {
                while (json.nextToken() != null) {
                    if (json.currentToken() == JsonToken.VALUE_STRING && json.currentName().equals("out")) {
                        output.append(json.getText());
                    } else if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && json.currentName().equals("exit")) {
                        return output.toString();
                    }
                }
            }
        }
        throw new IOException("it hung up before its answer was whole");
    }

    private static Map<String, Long> counts(final String output) throws IOException {
        final Map<String, Long> counts = new HashMap<>();
        try (JsonParser json = JSON.createParser(output)) {
            String reason = "";
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING && json.currentName().equals("reason")) {
                    reason = json.getText();
                } else if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                    counts.merge(reason, json.getLongValue(), Long::sum);
                }
            }
        }
        return counts;
    }
}
