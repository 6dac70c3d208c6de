package io.ringmaster.cli.ipvsadm;

import static io.ringmaster.cli.ipvsadm.Option.CONNECTION;
import static io.ringmaster.cli.ipvsadm.Option.DAEMON;
import static io.ringmaster.cli.ipvsadm.Option.EXACT;
import static io.ringmaster.cli.ipvsadm.Option.FORWARDING_METHOD;
import static io.ringmaster.cli.ipvsadm.Option.JSON;
import static io.ringmaster.cli.ipvsadm.Option.L_THRESHOLD;
import static io.ringmaster.cli.ipvsadm.Option.MCAST_GROUP;
import static io.ringmaster.cli.ipvsadm.Option.MCAST_INTERFACE;
import static io.ringmaster.cli.ipvsadm.Option.MCAST_PORT;
import static io.ringmaster.cli.ipvsadm.Option.MCAST_TTL;
import static io.ringmaster.cli.ipvsadm.Option.NETMASK;
import static io.ringmaster.cli.ipvsadm.Option.NOSORT;
import static io.ringmaster.cli.ipvsadm.Option.NUMERIC;
import static io.ringmaster.cli.ipvsadm.Option.OPS;
import static io.ringmaster.cli.ipvsadm.Option.PE;
import static io.ringmaster.cli.ipvsadm.Option.PERSISTENT;
import static io.ringmaster.cli.ipvsadm.Option.PERSISTENT_CONN;
import static io.ringmaster.cli.ipvsadm.Option.RATE;
import static io.ringmaster.cli.ipvsadm.Option.REAL_SERVER;
import static io.ringmaster.cli.ipvsadm.Option.SCHEDULER;
import static io.ringmaster.cli.ipvsadm.Option.SCHED_FLAGS;
import static io.ringmaster.cli.ipvsadm.Option.SERVICE_ADDRESS;
import static io.ringmaster.cli.ipvsadm.Option.STATS;
import static io.ringmaster.cli.ipvsadm.Option.SYNCID;
import static io.ringmaster.cli.ipvsadm.Option.SYNC_MAXLEN;
import static io.ringmaster.cli.ipvsadm.Option.THRESHOLDS;
import static io.ringmaster.cli.ipvsadm.Option.TIMEOUT;
import static io.ringmaster.cli.ipvsadm.Option.TUN_CSUM;
import static io.ringmaster.cli.ipvsadm.Option.TUN_INFO;
import static io.ringmaster.cli.ipvsadm.Option.TUN_NOCSUM;
import static io.ringmaster.cli.ipvsadm.Option.TUN_PORT;
import static io.ringmaster.cli.ipvsadm.Option.TUN_REMCSUM;
import static io.ringmaster.cli.ipvsadm.Option.TUN_TYPE;
import static io.ringmaster.cli.ipvsadm.Option.U_THRESHOLD;
import static io.ringmaster.cli.ipvsadm.Option.WEIGHT;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The commands, with what each one needs, takes, and takes only one of. The words are those of error texts. */
enum Command {
    ADD_SERVICE("add-service", List.of(SERVICE_ADDRESS), List.of(SCHEDULER, PERSISTENT, NETMASK, OPS, PE, SCHED_FLAGS)),
    EDIT_SERVICE("edit-service", List.of(SERVICE_ADDRESS),
        List.of(SCHEDULER, PERSISTENT, NETMASK, OPS, PE, SCHED_FLAGS)),
    DELETE_SERVICE("delete-service", List.of(SERVICE_ADDRESS), List.of()),
    FLUSH("flush", List.of(), List.of()),
    LIST("list", List.of(), List.of(NUMERIC, CONNECTION, SERVICE_ADDRESS, TIMEOUT, DAEMON, STATS, RATE, THRESHOLDS,
        PERSISTENT_CONN, NOSORT, SYNCID, EXACT, TUN_INFO, JSON)),
    ADD_SERVER("add-server", List.of(SERVICE_ADDRESS, REAL_SERVER), List.of(FORWARDING_METHOD, WEIGHT, U_THRESHOLD,
        L_THRESHOLD, TUN_TYPE, TUN_PORT, TUN_NOCSUM, TUN_CSUM, TUN_REMCSUM)),
    DELETE_SERVER("delete-server", List.of(SERVICE_ADDRESS, REAL_SERVER), List.of()),
    EDIT_SERVER("edit-server", List.of(SERVICE_ADDRESS, REAL_SERVER), List.of(FORWARDING_METHOD, WEIGHT, U_THRESHOLD,
        L_THRESHOLD, TUN_TYPE, TUN_PORT, TUN_NOCSUM, TUN_CSUM, TUN_REMCSUM)),
    SET_TIMEOUTS("set", List.of(), List.of()),
    START_DAEMON("start-daemon", List.of(), List.of(MCAST_INTERFACE, SYNCID, MCAST_GROUP, MCAST_PORT, MCAST_TTL,
        SYNC_MAXLEN)),
    STOP_DAEMON("stop-daemon", List.of(), List.of(SYNCID)),
    RESTORE("restore", List.of(), List.of()),
    SAVE("save", List.of(), List.of(NUMERIC)),
    ZERO("zero", List.of(), List.of(SERVICE_ADDRESS)),
    HELP("help", List.of(), List.of()),
    VERSION("version", List.of(), List.of());

    private static final Set<Option> EXCLUSIVE = EnumSet.of(CONNECTION, SERVICE_ADDRESS, TIMEOUT, DAEMON);

    private final String word;
    private final List<Option> needed;
    private final List<Option> taken;

    Command(final String word, final List<Option> needed, final List<Option> taken) {
        this.word = word;
        this.needed = needed;
        this.taken = taken;
    }

    /** Judges what was given, the lowest option first. */
    void check(final Set<Option> given) throws UsageException {
        Option first = null;
        for (final Option option : Option.values()) {
            if (needed.contains(option)) {
                if (!given.contains(option)) {
                    throw UsageException.wrong("You need to supply the '%s' option for the '%s' command",
                        option.word(), word);
                }
            } else if (given.contains(option)) {
                if (!taken.contains(option)) {
                    throw UsageException.wrong("Illegal '%s' option with the '%s' command", option.word(), word);
                }
                if (EXCLUSIVE.contains(option)) {
                    if (first != null) {
                        throw UsageException.wrong("The option '%s' conflicts with the '%s' option in the '%s' command",
                            option.word(), first.word(), word);
                    }
                    first = option;
                }
            }
        }
    }
}
