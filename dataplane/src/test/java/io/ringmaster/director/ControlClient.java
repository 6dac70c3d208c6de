package io.ringmaster.director;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ringmaster.control.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Speaks the control socket's protocol: a JSON line there, a JSON line back. */
public final class ControlClient {
    private static final JsonFactory JSON = new JsonFactory();

    private ControlClient() {
    }

    /** Sends one command and waits for its answer. */
    public static Reply ask(final Path socket, final List<String> args, final String stdin) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(request(args, stdin)));
            channel.shutdownOutput();
            return reply(new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8));
        } catch (final IOException e) {
            throw new UncheckedIOException("over " + socket, e);
        }
    }

    private static byte[] request(final List<String> args, final String stdin) throws IOException {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeFieldName("args");
            json.writeArray(args.toArray(String[]::new), 0, args.size());
            json.writeStringField("stdin", stdin);
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return line.toByteArray();
    }

    /** All lines of an answer; those of progress are passed over. */
    static Reply reply(final String lines) {
        int exit = -1;
        final StringBuilder out = new StringBuilder();
        final StringBuilder err = new StringBuilder();
        try (JsonParser json = JSON.createParser(lines)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token != JsonToken.FIELD_NAME) {
                    continue;
                }
                final String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "exit" -> exit = json.getIntValue();
                    case "out" -> out.append(json.getText());
                    case "err" -> err.append(json.getText());
                    default -> { }
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(lines, e);
        }
        return new Reply(exit, out.toString(), err.toString());
    }
}
