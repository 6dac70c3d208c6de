package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServiceId;
import java.util.HexFormat;

/** Connections as the kernel writes them into {@code /proc/net/ip_vs_conn} (ip_vs_conn.c, ip_vs_conn_seq_show). */
final class ProcConnections implements ConnectionFormat {
    private static final HexFormat UPPER = HexFormat.of().withUpperCase();
    private static final int WORDS = 8;
    private static final int PROTOCOL_WIDTH = 3;
    private static final int STATE_WIDTH = 11;
    private static final int EXPIRE_WIDTH = 7;

    @Override
    public String title() {
        return "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";
    }

    @Override
    public void row(final StringBuilder out, final int protocol, final String state, final long expireSec,
                    final End client, final End wanted, final End realServer, final String callId) {
        left(out, ServiceId.protocolWord(protocol), PROTOCOL_WIDTH);
        end(out, client);
        end(out, wanted);
        end(out, realServer);
        left(out, state, STATE_WIDTH);
        final String seconds = Long.toString(expireSec);
        out.repeat(' ', Math.max(0, EXPIRE_WIDTH - seconds.length())).append(seconds);
        out.append(callId.isEmpty() ? "" : " " + ENGINE + " " + callId).append('\n');
    }

    private static void end(final StringBuilder out, final End end) {
        address(out, end.address());
        out.append(' ').append(UPPER.toHexDigits((short) end.port())).append(' ');
    }

    /** An address as {@code %08X} or, of IPv6, as {@code %pI6} prints it: with all its zeros. */
    static void address(final StringBuilder out, final HostAddress address) {
        if (!address.ipv6()) {
            out.append(UPPER.toHexDigits(address.ipv4()));
            return;
        }
        for (int i = 0; i < WORDS; i++) {
            final long half = i < WORDS / 2 ? address.high() : address.low();
            out.append(i == 0 ? "" : ":")
                .append(HexFormat.of().toHexDigits((short) (half >>> (WORDS / 2 - 1 - i % (WORDS / 2)) * Short.SIZE)));
        }
    }

    private static void left(final StringBuilder out, final String text, final int width) {
        out.append(text).repeat(' ', Math.max(0, width - text.length())).append(' ');
    }
}
