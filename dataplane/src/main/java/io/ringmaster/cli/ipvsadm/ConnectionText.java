package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.ServiceId;

/** Connections as ipvsadm writes them. */
final class ConnectionText implements ConnectionFormat {
    private static final int SECONDS = 60;
    private static final int PROTOCOL_WIDTH = 3;
    private static final int CLOCK_WIDTH = 6;
    private static final int STATE_WIDTH = 11;
    private static final int END_WIDTH = 18;
    private static final int DESTINATION_WIDTH = 16;
    private static final int ENGINE_WIDTH = 18;

    private final EntryText texts;
    private final boolean engines;

    /**
     * The format.
     *
     * @param engines whether the columns of persistence engines are there.
     */
    ConnectionText(final EntryText texts, final boolean engines) {
        this.texts = texts;
        this.engines = engines;
    }

    @Override
    public String title() {
        return "IPVS connection entries\n"
            + "pro expire state       source             virtual            destination"
            + (engines ? "        pe name          pe_data\n" : "\n");
    }

    @Override
    public void row(final StringBuilder out, final int protocol, final String state, final long expireSec,
                    final End client, final End wanted, final End realServer, final String callId) {
        int start = out.length();
        start = pad(out.append(ServiceId.protocolWord(protocol)), start + PROTOCOL_WIDTH);
        clock(out, expireSec);
        start = pad(out, start + CLOCK_WIDTH);
        start = pad(out.append(state), start + STATE_WIDTH);
        texts.place(out, client.address(), client.port(), protocol);
        start = pad(out, start + END_WIDTH);
        texts.place(out, wanted.address(), wanted.port(), protocol);
        start = pad(out, start + END_WIDTH);
        texts.place(out, realServer.address(), realServer.port(), protocol);
        if (engines && !callId.isEmpty()) {
            start = pad(out, start + DESTINATION_WIDTH);
            pad(out.append(ENGINE), start + ENGINE_WIDTH);
            out.append(callId);
        }
        out.append('\n');
    }

    /** Minutes and seconds; minutes go on beyond 60. */
    private static void clock(final StringBuilder out, final long expireSec) {
        final long minutes = expireSec / SECONDS;
        final long seconds = expireSec % SECONDS;
        out.append(minutes < 10 ? "0" : "").append(minutes).append(seconds < 10 ? ":0" : ":").append(seconds);
    }

    /** Fills a field up and puts a blank behind it; where the next one begins. */
    private static int pad(final StringBuilder out, final int end) {
        return out.repeat(' ', Math.max(0, end - out.length()) + 1).length();
    }
}
