package io.ringmaster.cli.ipvsadm;

import java.util.Locale;

/** What a command can be given, in the order in which ipvsadm checks it; the names are those of its error texts. */
enum Option {
    NUMERIC, CONNECTION, SERVICE_ADDRESS, SCHEDULER, PERSISTENT, NETMASK, REAL_SERVER, FORWARDING_METHOD, WEIGHT,
    U_THRESHOLD, L_THRESHOLD, MCAST_INTERFACE, TIMEOUT, DAEMON, STATS, RATE, THRESHOLDS, PERSISTENT_CONN, NOSORT,
    SYNCID, EXACT, OPS, PE, SCHED_FLAGS, MCAST_GROUP, MCAST_PORT, MCAST_TTL, SYNC_MAXLEN, TUN_INFO, TUN_TYPE, TUN_PORT,
    TUN_NOCSUM, TUN_CSUM, TUN_REMCSUM, JSON;

    /** The name in error texts. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
