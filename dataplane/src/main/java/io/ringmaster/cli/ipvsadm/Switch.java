package io.ringmaster.cli.ipvsadm;

import static io.ringmaster.cli.ipvsadm.Switch.Argument.NEEDED;
import static io.ringmaster.cli.ipvsadm.Switch.Argument.NO;
import static io.ringmaster.cli.ipvsadm.Switch.Argument.OPTIONAL;

import java.util.HashMap;
import java.util.Map;

/** Everything that can stand behind a dash: letter, long form, whether an argument follows. */
enum Switch {
    ADD_SERVICE('A', "add-service", NO, Command.ADD_SERVICE),
    EDIT_SERVICE('E', "edit-service", NO, Command.EDIT_SERVICE),
    DELETE_SERVICE('D', "delete-service", NO, Command.DELETE_SERVICE),
    CLEAR('C', "clear", NO, Command.FLUSH),
    LIST('L', "list", NO, Command.LIST),
    LIST_SMALL('l', "", NO, Command.LIST),
    ZERO('Z', "zero", NO, Command.ZERO),
    ADD_SERVER('a', "add-server", NO, Command.ADD_SERVER),
    EDIT_SERVER('e', "edit-server", NO, Command.EDIT_SERVER),
    DELETE_SERVER('d', "delete-server", NO, Command.DELETE_SERVER),
    RESTORE('R', "restore", NO, Command.RESTORE),
    SAVE('S', "save", NO, Command.SAVE),
    HELP('h', "help", NO, Command.HELP),
    VERSION('v', "version", NO, Command.VERSION),
    SET(Switch.NO_LETTER, "set", NO, Command.SET_TIMEOUTS),
    START_DAEMON(Switch.NO_LETTER, "start-daemon", NEEDED, Command.START_DAEMON),
    STOP_DAEMON(Switch.NO_LETTER, "stop-daemon", NEEDED, Command.STOP_DAEMON),

    TCP_SERVICE('t', "tcp-service", NEEDED),
    UDP_SERVICE('u', "udp-service", NEEDED),
    SCTP_SERVICE(Switch.NO_LETTER, "sctp-service", NEEDED),
    FWMARK_SERVICE('f', "fwmark-service", NEEDED),
    SCHEDULER('s', "scheduler", NEEDED),
    PERSISTENT('p', "persistent", OPTIONAL),
    NETMASK('M', "netmask", NEEDED),
    REAL_SERVER('r', "real-server", NEEDED),
    MASQUERADING('m', "masquerading", NO),
    IPIP('i', "ipip", NO),
    GATEWAYING('g', "gatewaying", NO),
    WEIGHT('w', "weight", NEEDED),
    U_THRESHOLD('x', "u-threshold", NEEDED),
    L_THRESHOLD('y', "l-threshold", NEEDED),
    NUMERIC('n', "numeric", NO),
    CONNECTION('c', "connection", NO),
    MCAST_INTERFACE(Switch.NO_LETTER, "mcast-interface", NEEDED),
    SYNCID(Switch.NO_LETTER, "syncid", NEEDED),
    TIMEOUT(Switch.NO_LETTER, "timeout", NO),
    DAEMON(Switch.NO_LETTER, "daemon", NO),
    STATS(Switch.NO_LETTER, "stats", NO),
    RATE(Switch.NO_LETTER, "rate", NO),
    THRESHOLDS(Switch.NO_LETTER, "thresholds", NO),
    PERSISTENT_CONN(Switch.NO_LETTER, "persistent-conn", NO),
    NOSORT(Switch.NO_LETTER, "nosort", NO),
    SORT(Switch.NO_LETTER, "sort", NO),
    EXACT('X', "exact", NO),
    IPV6('6', "ipv6", NO),
    OPS('o', "ops", NO),
    PE(Switch.NO_LETTER, "pe", NEEDED),
    SCHED_FLAGS('b', "sched-flags", NEEDED),
    MCAST_GROUP(Switch.NO_LETTER, "mcast-group", NEEDED),
    MCAST_PORT(Switch.NO_LETTER, "mcast-port", NEEDED),
    MCAST_TTL(Switch.NO_LETTER, "mcast-ttl", NEEDED),
    SYNC_MAXLEN(Switch.NO_LETTER, "sync-maxlen", NEEDED),
    TUN_INFO(Switch.NO_LETTER, "tun-info", NO),
    TUN_TYPE(Switch.NO_LETTER, "tun-type", NEEDED),
    TUN_PORT(Switch.NO_LETTER, "tun-port", NEEDED),
    TUN_NOCSUM(Switch.NO_LETTER, "tun-nocsum", NO),
    TUN_CSUM(Switch.NO_LETTER, "tun-csum", NO),
    TUN_REMCSUM(Switch.NO_LETTER, "tun-remcsum", NO),
    /** Not ipvsadm's. */
    JSON(Switch.NO_LETTER, "json", NO);

    private static final char NO_LETTER = 0;
    private static final Map<Character, Switch> BY_LETTER = new HashMap<>();
    private static final Map<String, Switch> BY_NAME = new HashMap<>();

    static {
        for (final Switch each : values()) {
            BY_LETTER.put(each.letter, each);
            BY_NAME.put(each.longForm, each);
        }
        BY_LETTER.remove(NO_LETTER);
        BY_NAME.remove("");
    }

    private final char letter;
    private final String longForm;
    private final Argument argument;
    private final Command command;

    Switch(final char letter, final String longForm, final Argument argument) {
        this(letter, longForm, argument, null);
    }

    Switch(final char letter, final String longForm, final Argument argument, final Command command) {
        this.letter = letter;
        this.longForm = longForm;
        this.argument = argument;
        this.command = command;
    }

    /** The switch of a letter, or null. */
    static Switch ofLetter(final char letter) {
        return BY_LETTER.get(letter);
    }

    /** The switch of a long form, or null; no abbreviations. */
    static Switch ofName(final String name) {
        return BY_NAME.get(name);
    }

    Argument argument() {
        return argument;
    }

    /** The command it stands for, or null for an option. */
    Command command() {
        return command;
    }

    /** Whether an argument follows. */
    enum Argument {
        NO, NEEDED,
        /** The next word, unless it begins with a dash. */
        OPTIONAL
    }
}
