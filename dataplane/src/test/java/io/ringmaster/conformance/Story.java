package io.ringmaster.conformance;

import io.ringmaster.conformance.Fixture.Command;
import io.ringmaster.conformance.Fixture.Restore;
import io.ringmaster.conformance.Fixture.Send;
import io.ringmaster.conformance.Fixture.Step;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What happened so far in a recording, as far as a {@link KernelBug} depends on it. */
final class Story {
    private static final Pattern PERSISTENT = Pattern.compile(" -p (\\d+)");
    private static final int DEFAULT_PERSIST_SEC = 360;

    private final HostAnswer host;
    private final Set<String> behindExtensionHeaders = new HashSet<>();
    private int tunnelMtuBytes;
    private boolean serviceDeleted;
    private boolean methodChanged;
    private int persistSec = DEFAULT_PERSIST_SEC;

    Story(final HostAnswer host) {
        this.host = host;
    }

    /** Takes a step over, when it has been played or is to be. */
    void goOn(final Step step) {
        switch (step) {
            case Restore restore -> rules(restore.rules());
            case Command command -> {
                if (command.line().startsWith("ipvsadm ")) {
                    rules(command.line().substring("ipvsadm ".length()));
                }
            }
            case Send send -> {
                final HostPacket packet = HostPacket.read(send.frame());
                if (packet != null && packet.behindExtensionHeaders()) {
                    behindExtensionHeaders.add("[" + compressed(packet.from()) + "]:" + packet.port(0));
                }
                if (packet != null && packet.quotesIpv6Tunnel()) {
                    tunnelMtuBytes = packet.port(6);
                }
            }
            default -> { }
        }
    }

    private void rules(final String lines) {
        for (final String line : lines.split("\n")) {
            switch (line.split(" ")[0]) {
                case "-A" -> {
                    serviceDeleted = false;
                    final Matcher persistent = PERSISTENT.matcher(line);
                    persistSec = persistent.find() ? Integer.parseInt(persistent.group(1)) : persistSec;
                }
                case "-D", "-C" -> serviceDeleted = true;
                case "-e" -> methodChanged = true;
                default -> { }
            }
        }
    }

    /** An IPv6 address as ipvsadm prints it: the first longest run of zeros left out (RFC 5952). */
    private static String compressed(final byte[] address) {
        final String text = FrameFields.address(address);
        String best = "";
        final Matcher zeros = Pattern.compile("(?<![0-9a-f])0(:0)+(?![0-9a-f])").matcher(text);
        while (zeros.find()) {
            best = zeros.group().length() > best.length() ? zeros.group() : best;
        }
        return best.isEmpty() ? text : text.replaceFirst(":?" + best + ":?", "::");
    }

    HostAnswer host() {
        return host;
    }

    boolean serviceDeleted() {
        return serviceDeleted;
    }

    boolean methodChanged() {
        return methodChanged;
    }

    /** What a router told last of the MTU of a tunnel in IPv6; 0 if none did. */
    int tunnelMtuBytes() {
        return tunnelMtuBytes;
    }

    int persistSec() {
        return persistSec;
    }

    /** Whether a client's segments came behind extension headers; the client as listings write it. */
    boolean behindExtensionHeaders(final String client) {
        return behindExtensionHeaders.contains(client);
    }
}
