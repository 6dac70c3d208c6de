package io.ringmaster.bench.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ringmaster.bench.report.BenchException;
import java.io.IOException;
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
    private static final String REQUEST = "{\"args\":[\"drops\",\"--json\"],\"stdin\":\"\"}\n";

    private Drops() {
    }

    /** Counts by reason, summed over the interfaces where each has its own. */
    static Map<String, Long> read(final Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            return counts(outputOf(Channels.newInputStream(channel).readAllBytes()));
        } catch (final IOException e) {
            throw new BenchException("The director did not tell its counters: " + e.getMessage() + ".", e);
        }
    }

    private static String outputOf(final byte[] reply) throws IOException {
        try (JsonParser json = JSON.createParser(reply)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME && json.currentName().equals("out")) {
                    json.nextToken();
                    return json.getText();
                }
            }
        }
        throw new IOException("its answer has no output");
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
