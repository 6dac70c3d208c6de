package io.ringmaster.cli.ipvsadm;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The traffic that recorded listings tell of: a SYN or datagram for each connection, an ACK for each established one,
 * and as many datagrams to a service of one-packet scheduling as it has counted. In which order connections were made
 * no listing tells: first that of the clients' ports is tried, then one by which each gets its real server.
 */
final class RecordedTraffic {
    private static final Pattern ROW = Pattern.compile(
        "(TCP|UDP) \\d+:\\d\\d +(\\w+) +(\\S+):(\\d+) +(\\S+):(\\d+) +(\\S+):\\d+");
    private static final Pattern SERVICE = Pattern.compile("-A (-t|-u|--sctp-service) (\\S+):(\\d+).*");
    private static final Pattern MARK = Pattern.compile("-A -f (\\d+)(?!.* -6).*");
    private static final Pattern TOTALS = Pattern.compile(
        "UDP +(\\S+):(\\d+) +(\\d+) +(\\d+) +\\d+ +(\\d+) +\\d+");
    private static final long DIRECTOR_MAC = 0x0200_0000_0001L;
    private static final long CLIENT_MAC = 0x0200_0002_00feL;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SYN = 2;
    private static final int ACK = 16;

    private final List<Row> rows;
    private final String rules;
    private final String totals;

    /** What the files tell: rules, connections, totals. */
    RecordedTraffic(final Map<String, String> files) {
        rules = files.get(RecordedText.RULES);
        final String listings = files.entrySet().stream().filter(file -> RecordedText.isListing(file.getKey()))
            .map(Map.Entry::getValue).collect(Collectors.joining("\n"));
        totals = files.getOrDefault("list-n-stats.txt", listings);
        rows = rows(files.getOrDefault("list-nc.txt", listings));
        rows.sort(Comparator.comparingInt(Row::clientPort).thenComparing(Row::client).thenComparing(Row::wanted));
    }

    /** Each connection once, however many listings there are. */
    private static List<Row> rows(final String listing) {
        final Map<String, Row> found = new LinkedHashMap<>();
        ROW.matcher(listing).results().filter(row -> !row.group(2).equals("NONE")).map(row -> new Row(row.group(1),
            row.group(2), plain(row.group(3)), Integer.parseInt(row.group(4)), plain(row.group(5)),
            Integer.parseInt(row.group(6)), plain(row.group(7)))).forEach(row -> found.putIfAbsent(row.key(), row));
        return new ArrayList<>(found.values());
    }

    /**
     * Looks at which real servers connections got when they were made in this order, and orders those of each service
     * anew, so that each comes when its own is chosen. Where none fits another one begins, since its first client may
     * decide for all of a persistent service.
     *
     * @param listing what ipvsadm -Lnc says after {@link #frames}.
     * @return whether the order was another before.
     */
    boolean reorder(final String listing) {
        final Map<String, String> got = new HashMap<>();
        rows(listing).forEach(row -> got.put(row.key(), row.realServer));
        boolean changed = false;
        for (int i = 0; i < rows.size(); i++) {
            final Row row = rows.get(i);
            final String chosen = got.getOrDefault(row.key(), row.realServer);
            if (!row.realServer.equals(chosen)) {
                final int other = later(i, chosen);
                // What was seen at this turn stays with the turn.
                got.put(rows.get(other).key(), got.put(row.key(), got.get(rows.get(other).key())));
                Collections.swap(rows, i, other);
                changed = true;
            }
        }
        return changed;
    }

    /** The next connection of the same service that has a real server; its last one if none has. */
    private int later(final int place, final String realServer) {
        int last = place;
        for (int i = place + 1; i < rows.size(); i++) {
            if (rows.get(i).service().equals(rows.get(place).service())) {
                last = i;
                if (rows.get(i).realServer.equals(realServer)) {
                    return i;
                }
            }
        }
        return last;
    }

    private static String plain(final String address) {
        return address.replaceAll("[\\[\\]]", "");
    }

    /** Real servers that connections went to. */
    TreeSet<String> realServers() {
        final TreeSet<String> all = new TreeSet<>();
        rows.forEach(row -> all.add(row.realServer));
        return all;
    }

    /** The words of {@code ringmaster mark add} for each address and port that is asked for and is no service's. */
    List<String[]> marks() {
        final List<String> services = SERVICE.matcher(rules).results().map(found -> plain(found.group(2))).toList();
        final Matcher mark = MARK.matcher(rules);
        final List<String[]> all = new ArrayList<>();
        if (mark.find()) {
            final TreeSet<String> seen = new TreeSet<>();
            for (final Row row : rows) {
                if (!services.contains(row.wanted) && seen.add(row.wanted + " " + row.wantedPort)) {
                    all.add(new String[] {"mark", "add", "--destination", row.wanted, "--protocol", "tcp", "--port",
                        Integer.toString(row.wantedPort), "--mark", mark.group(1)});
                }
            }
        }
        return all;
    }

    /** All frames in their order. */
    List<byte[]> frames() {
        final List<byte[]> frames = new ArrayList<>();
        rows.forEach(row -> frames.add(row.protocol.equals("TCP") ? tcp(row, SYN)
            : datagram(row.client, row.clientPort, row.wanted, row.wantedPort, payload(row.wanted, row.wantedPort))));
        rows.stream().filter(row -> row.state.equals("ESTABLISHED")).forEach(row -> frames.add(tcp(row, ACK)));
        final List<String> clients = rows.stream().map(Row::client).filter(client -> client.indexOf(':') < 0).toList();
        final Matcher matcher = TOTALS.matcher(totals);
        while (matcher.find()) {
            final String service = matcher.group(1) + ":" + matcher.group(2);
            final int port = Integer.parseInt(matcher.group(2));
            final int count = Integer.parseInt(matcher.group(4));
            if (count > 0 && rules.matches("(?s).*-A -u " + Pattern.quote(service) + "[^\\n]* -o.*")) {
                for (int i = 0; i < count; i++) {
                    frames.add(datagram(clients.get(i % clients.size()), 4_000 + i, matcher.group(1), port,
                        payload(matcher.group(1), port)));
                }
            }
        }
        return frames;
    }

    /** How many bytes the datagrams to a service had, by its totals. */
    private int payload(final String vip, final int port) {
        return TOTALS.matcher(totals).results()
            .filter(found -> plain(found.group(1)).equals(vip) && Integer.parseInt(found.group(2)) == port)
            .mapToInt(found -> Integer.parseInt(found.group(5)) / Math.max(1, Integer.parseInt(found.group(4)))
                - (vip.indexOf(':') < 0 ? 28 : 48)).findFirst().orElse(0);
    }

    private static byte[] tcp(final Row row, final int flags) {
        final ByteBuffer segment = ByteBuffer.allocate(20);
        segment.putShort((short) row.clientPort).putShort((short) row.wantedPort).putInt(1_000).putInt(0)
            .put((byte) 0x50).put((byte) flags).putShort((short) 8192);
        return frame(row.client, row.wanted, TCP, segment, 16);
    }

    /** A frame with a datagram, to the director. */
    static byte[] datagram(final String from, final int port, final String to, final int toPort, final int payload) {
        final ByteBuffer datagram = ByteBuffer.allocate(8 + payload);
        datagram.putShort((short) port).putShort((short) toPort).putShort((short) datagram.capacity());
        return frame(from, to, UDP, datagram, 6);
    }

    private static byte[] frame(final String from, final String to, final int protocol, final ByteBuffer transport,
                                final int checksumAt) {
        final byte[] source = bytes(from);
        final byte[] destination = bytes(to);
        final int length = transport.capacity();
        transport.putShort(checksumAt, checksum(ByteBuffer.allocate(40 + length).put(source).put(destination)
            .putInt(length).putInt(protocol).put(transport.array())));
        final boolean ipv6 = source.length == 16;
        final ByteBuffer frame = ByteBuffer.allocate(14 + (ipv6 ? 40 : 20) + length);
        frame.putLong(DIRECTOR_MAC << 16 | CLIENT_MAC >>> 32).putInt((int) CLIENT_MAC)
            .putShort((short) (ipv6 ? 0x86dd : 0x0800));
        if (ipv6) {
            frame.putInt(6 << 28).putShort((short) length).put((byte) protocol).put((byte) 64);
        } else {
            frame.putShort((short) 0x4500).putShort((short) (20 + length)).putInt(0x4000).put((byte) 64)
                .put((byte) protocol).putShort((short) 0);
        }
        frame.put(source).put(destination);
        if (!ipv6) {
            frame.putShort(24, checksum(ByteBuffer.allocate(20).put(frame.array(), 14, 20)));
        }
        return frame.put(transport.array()).array();
    }

    /** RFC 1071, of a buffer from its start. */
    private static short checksum(final ByteBuffer of) {
        long sum = 0;
        for (int i = 0; i + 1 < of.capacity(); i += 2) {
            sum += of.getShort(i) & 0xffff;
        }
        sum += of.capacity() % 2 == 1 ? (of.get(of.capacity() - 1) & 0xff) << 8 : 0;
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        return (short) ~sum;
    }

    private static byte[] bytes(final String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }

    private record Row(String protocol, String state, String client, int clientPort, String wanted, int wantedPort,
                       String realServer) {
        private String service() {
            return protocol + " " + wanted + " " + wantedPort;
        }

        private String key() {
            return service() + " " + client + " " + clientPort;
        }
    }
}
