package io.ringmaster.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Every key of the file: the schema, and what the page about it is checked by. */
public enum Key {
    /** Interfaces that a director is started on. */
    INTERFACES(Place.FILE),
    /** Other options that it is started with. */
    RUN(Place.FILE),
    /** Time-outs of connections. */
    TIMEOUTS(Place.FILE),
    /** Settings. */
    SYSCTLS(Place.FILE),
    /** Rules for firewall marks. */
    MARKS(Place.FILE),
    /** Virtual services. */
    SERVICES(Place.FILE),

    /** Cores of the workers. */
    CORES(Place.RUN),
    /** Room for IPv4 connections. */
    CONNECTIONS(Place.RUN),
    /** Room for IPv6 connections. */
    CONNECTIONS6(Place.RUN),
    /** What a worker without packets does. */
    IDLE(Place.RUN),
    /** Busy polling of the sockets. */
    BUSY_POLL(Place.RUN),
    /** Path of the control socket. */
    SOCKET(Place.RUN),
    /** Who may use it. */
    SOCKET_GROUP(Place.RUN),
    /** What they may do. */
    SOCKET_GROUP_MAY(Place.RUN),
    /** Room for one packet. */
    FRAME_BYTES(Place.RUN),
    /** Packets a second that the kernel gets back. */
    HAND_BACK_RATE(Place.RUN),
    /** Ports of FTP services. */
    FTP_PORTS(Place.RUN),
    /** None of them. */
    NO_FTP(Place.RUN),
    /** How the XDP program is attached. */
    XDP(Place.RUN),
    /** What becomes of unknown VLANs. */
    VLANS(Place.RUN),

    /** Of established TCP connections. */
    TIMEOUT_TCP(Place.TIMEOUTS, "tcp"),
    /** Of TCP connections whose client has ended them. */
    TIMEOUT_TCP_FIN(Place.TIMEOUTS, "tcp-fin"),
    /** Of UDP. */
    TIMEOUT_UDP(Place.TIMEOUTS, "udp"),

    /** The mark that packets have. */
    MARK(Place.MARK),
    /** Where they go. */
    DESTINATION(Place.MARK),
    /** Where they come from. */
    SOURCE(Place.MARK),
    /** By which interface. */
    INTERFACE(Place.MARK),
    /** TCP, UDP or SCTP. */
    PROTOCOL(Place.MARK),
    /** Destination ports. */
    PORT(Place.MARK),

    /** VIP and port of a TCP service. */
    TCP(Place.SERVICE),
    /** Of a UDP service. */
    UDP(Place.SERVICE),
    /** Of an SCTP service. */
    SCTP(Place.SERVICE),
    /** The mark of a firewall mark's service. */
    FWMARK(Place.SERVICE),
    /** Its scheduler. */
    SCHEDULER(Place.SERVICE),
    /** Flags of the scheduler. */
    FLAGS(Place.SERVICE),
    /** Seconds of persistence. */
    PERSISTENT(Place.SERVICE),
    /** Which clients are one to persistence. */
    NETMASK(Place.SERVICE),
    /** Persistence engine. */
    PERSISTENCE_ENGINE(Place.SERVICE),
    /** One-packet scheduling. */
    ONE_PACKET(Place.SERVICE),
    /** Its real servers. */
    SERVERS(Place.SERVICE),

    /** RIP and port. */
    SERVER(Place.SERVER),
    /** Forwarding method. */
    METHOD(Place.SERVER),
    /** Its share. */
    WEIGHT(Place.SERVER),
    /** Upper threshold of connections. */
    UPPER(Place.SERVER),
    /** Lower threshold. */
    LOWER(Place.SERVER),
    /** Form of tunnel. */
    TUN_TYPE(Place.SERVER),
    /** UDP port of a GUE tunnel. */
    TUN_PORT(Place.SERVER),
    /** Checksum of the tunnel's header. */
    TUN_CHECKSUM(Place.SERVER);

    /** Where keys stand. */
    public enum Place {
        /** Outermost. */
        FILE("the file"),
        /** In run. */
        RUN("run"),
        /** In timeouts. */
        TIMEOUTS("timeouts"),
        /** In an item of marks. */
        MARK("a rule for marks"),
        /** In an item of services. */
        SERVICE("a service"),
        /** In an item of servers. */
        SERVER("a real server");

        private final String text;

        Place(final String text) {
            this.text = text;
        }

        /** For a person. */
        public String text() {
            return text;
        }

        /** The keys that stand there. */
        public List<String> words() {
            return Arrays.stream(Key.values()).filter(key -> key.place == this).map(Key::word).toList();
        }
    }

    private final Place place;
    private final String word;

    Key(final Place place) {
        this.place = place;
        this.word = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Key(final Place place, final String word) {
        this.place = place;
        this.word = word;
    }

    /** Where it stands. */
    public Place place() {
        return place;
    }

    /** As it is written. */
    public String word() {
        return word;
    }
}
