package io.ringmaster.cli.ipvsadm;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.ringmaster.control.ServiceId;

/**
 * {@code ipvsadm -Lc --json}: an object a line, so that a reader needs no memory for all of them. Only Call-IDs
 * may have characters that JSON escapes: protocols and states are words, the rest is numeric.
 */
final class ConnectionJson implements ConnectionFormat {
    @Override
    public String title() {
        return "";
    }

    @Override
    public void row(final StringBuilder out, final int protocol, final String state, final long expireSec,
                    final End client, final End wanted, final End realServer, final String callId) {
        out.append("{\"protocol\":\"").append(ServiceId.protocolWord(protocol))
            .append("\",\"expireSec\":").append(expireSec).append(",\"state\":\"").append(state).append('"');
        end(out, "client", client);
        end(out, "virtual", wanted);
        end(out, "server", realServer);
        if (!callId.isEmpty()) {
            out.append(",\"callId\":\"").append(JsonStringEncoder.getInstance().quoteAsString(callId)).append('"');
        }
        out.append("}\n");
    }

    private static void end(final StringBuilder out, final String name, final End end) {
        out.append(",\"").append(name).append("Address\":\"");
        end.address().appendTo(out);
        out.append("\",\"").append(name).append("Port\":").append(end.port());
    }
}
