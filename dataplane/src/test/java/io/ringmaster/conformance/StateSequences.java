package io.ringmaster.conformance;

import io.ringmaster.conformance.Fixture.Listed;
import io.ringmaster.conformance.Fixture.Restore;
import io.ringmaster.conformance.Fixture.Sequence;
import io.ringmaster.director.ModelDirector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A state matrix: sequences of TCP segments of which only side and flags were recorded, and the state that each ended
 * in. Each gets a client of its own.
 */
final class StateSequences {
    private static final Pattern PLACES = Pattern.compile("-a -t ([\\d.]+):(\\d+) -r ([\\d.]+):(\\d+)");
    private static final String FLAGS = "FSRPAUEC";
    private static final int SHOWN = 20;
    private static final long DIRECTOR = 0x02_00_00_00_00_01L;
    private static final long CLIENT_ROUTER = 0x02_00_00_01_00_feL;
    private static final int CLIENT_PORT = 4000;

    private StateSequences() {
    }

    /** Plays all sequences; lines about those that end in another state. */
    static List<String> play(final ModelDirector director, final Fixture fixture) {
        final Matcher places = PLACES.matcher(((Restore) fixture.steps().stream()
            .filter(Restore.class::isInstance).findFirst().orElseThrow()).rules());
        if (!places.find()) {
            return List.of("a matrix of states needs one IPv4 TCP service with a real server");
        }
        for (int i = 0; i < fixture.sequences().size(); i++) {
            for (final String event : fixture.sequences().get(i).segments().split(" ")) {
                director.receive(0, segment(event, client(i), places));
            }
        }
        final Map<String, String> states = new HashMap<>();
        for (final Listed row : Listing.connections(director.run(List.of("ipvsadm", "-Lnc"), "").whole())) {
            states.put(row.connection().source(), row.connection().state());
        }
        final List<String> lines = new ArrayList<>();
        for (int i = 0; i < fixture.sequences().size(); i++) {
            final Sequence sequence = fixture.sequences().get(i);
            final String ours = states.get(client(i) + ":" + CLIENT_PORT);
            if (sequence.state() == null ? ours != null : !sequence.state().equals(ours)) {
                lines.add(sequence.segments() + ": kernel " + sequence.state() + ", ours " + ours);
            }
        }
        return lines.size() <= SHOWN ? lines : Arrays.asList(lines.size() + " sequences, the first ones:",
            String.join("; ", lines.subList(0, SHOWN)));
    }

    private static String client(final int number) {
        return "10.9." + number / 250 + "." + (number % 250 + 1);
    }

    private static byte[] segment(final String event, final String client, final Matcher places) {
        final boolean fromClient = event.charAt(0) == 'c';
        final byte[] from = Topology.ip(fromClient ? client : places.group(3)).getAddress();
        final byte[] to = Topology.ip(fromClient ? places.group(1) : client).getAddress();
        int flags = 0;
        for (final char flag : event.substring(1).toCharArray()) {
            flags |= flag == '-' ? 0 : 1 << FLAGS.indexOf(flag);
        }
        final byte[] tcp = ByteBuffer.allocate(20)
            .putShort((short) (fromClient ? CLIENT_PORT : Integer.parseInt(places.group(4))))
            .putShort((short) (fromClient ? Integer.parseInt(places.group(2)) : CLIENT_PORT))
            .putInt(1).putInt(1).put((byte) 0x50).put((byte) flags).putShort((short) 0xffff).array();
        final byte[] addresses = Arrays.copyOf(from, 8);
        System.arraycopy(to, 0, addresses, 4, 4);
        put16(tcp, 16, Sums.internet(Sums.pseudo(addresses, 6, tcp.length), tcp));
        final byte[] ip = ByteBuffer.allocate(20).put((byte) 0x45).put((byte) 0).putShort((short) 40)
            .putShort((short) 1).putShort((short) 0x4000).put((byte) 64).put((byte) 6).putShort((short) 0)
            .put(addresses).array();
        put16(ip, 10, Sums.internet(ip));
        final long mac = fromClient ? CLIENT_ROUTER : 0x02_00_00_02_00_00L | from[3];
        return ByteBuffer.allocate(60).putShort((short) (DIRECTOR >> 32)).putInt((int) DIRECTOR)
            .putShort((short) (mac >> 32)).putInt((int) mac).putShort((short) 0x0800).put(ip).put(tcp).array();
    }

    private static void put16(final byte[] bytes, final int at, final int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }
}
