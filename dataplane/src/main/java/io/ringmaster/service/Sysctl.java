package io.ringmaster.service;

import java.util.Locale;
import java.util.Optional;

/**
 * The director's settings by the names that they have in the kernel, {@code net.ipv4.vs.*}, with the kernel's defaults
 * (Documentation/networking/ipvs-sysctl.rst; ip_vs_ctl.c, vs_vars). All of them exist; what one of them cannot do here
 * is told by its {@link #note}.
 */
public enum Sysctl {
    AM_DROPRATE(10, 0, Integer.MAX_VALUE, "drop_packet 3 drops one of so many packets that would make a connection; "
        + "0 drops none.", ""),
    AMEMTHRESH(1024, 0, Sysctl.WHOLE_TABLE, "How little of the connection table is free when the modes 1 of "
        + "drop_entry, drop_packet and secure_tcp become 2: in 8,192nds of it, so 1024 is an eighth.", ""),
    BACKUP_ONLY(0, 0, 1, "1: a director that is a backup does not balance.", Sysctl.NO_SYNC),
    CACHE_BYPASS(0, 0, 1, "1: packets of a firewall mark's service without real servers go where their client sent "
        + "them, unless that is this host.", ""),
    CONN_REUSE_MODE(1, 0, 3, "What a SYN on a connection does that exists: 0 nothing special, 1 in TIME_WAIT and CLOSE "
        + "it is scheduled anew, 2 and 3 in FIN_WAIT, too, where replies do not pass the director.", ""),
    CONNTRACK(0, 0, 1, "1: the kernel's connection tracking knows the connections.",
        "It has no effect here: packets of services do not pass netfilter, so connection tracking never sees them."),
    DEBUG_LEVEL(0, 0, 255, "How much the kernel logs.",
        "It has no effect here: ringmaster drops tells what became of each packet."),
    DROP_ENTRY(0, 0, 3, "Half-open and idle connections are dropped at random: 0 never, 1 when the table is nearly "
        + "full (then it reads 2), 3 always.", ""),
    DROP_PACKET(0, 0, 3, "Some packets that would make a connection are dropped: 0 never, 1 when the table is nearly "
        + "full (then it reads 2), 3 always one of am_droprate.", ""),
    EXPIRE_NODEST_CONN(0, 0, 1, "1: the connections of a removed real server end at once, their clients find another; "
        + "0: they are silently dropped and go on if it comes back.", ""),
    EXPIRE_QUIESCENT_TEMPLATE(0, 0, 1, "1: a persistent client whose real server has weight 0 gets another.", ""),
    IGNORE_TUNNELED(0, 0, 1, "1: packets that the kernel's IPVS has sent through a tunnel are not balanced again.",
        "It has no effect here: what the director sent never comes back to it."),
    LBLC_EXPIRATION(86_400, 0, Sysctl.LONGEST_SEC, "Seconds after which lblc forgets a destination that nobody asked "
        + "for.", ""),
    LBLCR_EXPIRATION(86_400, 0, Sysctl.LONGEST_SEC, "The same of lblcr.", ""),
    NAT_ICMP_SEND(0, 0, 1, "1: a masqueraded real server is told by ICMP that its reply belongs to no connection.", ""),
    PMTU_DISC(1, 0, 1, "0: tunnel packets may be fragmented whatever their client asked for.", ""),
    RUN_ESTIMATION(1, 0, 1, "0: totals and rates of packets stand still; totals catch up once it is 1 again.", ""),
    SCHEDULE_ICMP(0, 0, 1, "1: an ICMP error about no connection makes one.", ""),
    SECURE_TCP(0, 0, 3, "The stricter table of TCP states, in which a client alone cannot establish a connection: 0 "
        + "never, 1 when the connection table is nearly full (then it reads 2), 3 always.", ""),
    SLOPPY_SCTP(0, 0, 1, "1: any SCTP packet makes a connection, not only INIT.", ""),
    SLOPPY_TCP(0, 0, 1, "1: any segment without RST makes a connection, not only a SYN: for a director that takes "
        + "over from another.", ""),
    SNAT_REROUTE(1, 0, 1, "1: the kernel looks for a new route once a reply has the service's address.",
        "It has no effect here: replies go back by the interface and MAC address that their client's packets came "
        + "from."),
    SYNC_PERSIST_MODE(0, 0, 2, "What persistent services synchronise.", Sysctl.NO_SYNC),
    SYNC_PORTS(1, 1, 128, "Ports of synchronisation, a power of two.", Sysctl.NO_SYNC),
    SYNC_QLEN_MAX(0, 0, Integer.MAX_VALUE, "Most messages of synchronisation that wait; 0 for a share of the memory.",
        Sysctl.NO_SYNC),
    SYNC_REFRESH_PERIOD(0, 0, Sysctl.LONGEST_SEC, "Seconds between two messages about a connection.", Sysctl.NO_SYNC),
    SYNC_RETRIES(0, 0, 3, "How often a message is sent again.", Sysctl.NO_SYNC),
    SYNC_SOCK_SIZE(0, 0, Integer.MAX_VALUE, "Bytes of the socket's buffer, 0 for the kernel's choice.", Sysctl.NO_SYNC),
    SYNC_THRESHOLD(3L << 32 | 50, 0, Integer.MAX_VALUE, "Packets before a connection is first synchronised, and "
        + "between two such messages: two numbers, the first below the second unless that is 0.", Sysctl.NO_SYNC),
    SYNC_VERSION(1, 0, 1, "Format of the messages.", Sysctl.NO_SYNC);

    /** What stands before each name. */
    public static final String PREFIX = "net.ipv4.vs.";
    /** How many parts the table has in {@link #AMEMTHRESH}. */
    public static final int WHOLE_TABLE = 8192;
    private static final int LONGEST_SEC = 2_678_400;
    private static final String NO_SYNC = "It has no effect yet: connection synchronisation is not supported yet.";
    private static final int PAIR_SHIFT = 32;

    private final long byDefault;
    private final int lowest;
    private final int highest;
    private final String meaning;
    private final String note;

    Sysctl(final long byDefault, final int lowest, final int highest, final String meaning, final String note) {
        this.byDefault = byDefault;
        this.lowest = lowest;
        this.highest = highest;
        this.meaning = meaning;
        this.note = note;
    }

    /** The setting of a name with or without {@link #PREFIX}, with dots or slashes; empty if there is none. */
    public static Optional<Sysctl> find(final String name) {
        final String dotted = name.replace('/', '.');
        final String word = dotted.startsWith(PREFIX) ? dotted.substring(PREFIX.length()) : dotted;
        for (final Sysctl setting : values()) {
            if (setting.word().equals(word)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }

    /** The name without prefix. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The whole name. */
    public String fullName() {
        return PREFIX + word();
    }

    /** The value before it is set: a number, of a pair the first in the upper half. */
    public long byDefault() {
        return byDefault;
    }

    /** What it does, for a person. */
    public String meaning() {
        return meaning;
    }

    /** Why it does nothing here; empty if it does something. */
    public String note() {
        return note;
    }

    /** Which values it takes, for a person. */
    public String allowed() {
        final String range = highest - lowest == 1 ? lowest + " or " + highest : lowest + " to " + highest;
        return this == SYNC_THRESHOLD ? "two numbers, each " + range : this == SYNC_PORTS ? "a power of two, " + range
            : range;
    }

    /** The value that a text says; empty if this setting does not take it. */
    public Optional<Long> read(final String text) {
        final String[] words = text.strip().split("[\\s,]+");
        final boolean pair = this == SYNC_THRESHOLD;
        long value = 0;
        for (final String word : words) {
            if (!word.matches("-?[0-9]{1,10}") || Long.parseLong(word) < lowest || Long.parseLong(word) > highest) {
                return Optional.empty();
            }
            value = value << PAIR_SHIFT | Long.parseLong(word);
        }
        final long first = value >>> PAIR_SHIFT;
        final long second = value & Integer.MAX_VALUE;
        final boolean fits = pair ? second == 0 || first < second : this != SYNC_PORTS || Long.bitCount(value) == 1;
        return words.length == (pair ? 2 : 1) && fits ? Optional.of(value) : Optional.empty();
    }

    /** A value as the kernel prints it. */
    public String text(final long value) {
        return this == SYNC_THRESHOLD ? (value >>> PAIR_SHIFT) + "\t" + (int) value : Long.toString(value);
    }
}
