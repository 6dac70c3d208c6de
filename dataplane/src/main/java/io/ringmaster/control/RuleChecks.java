package io.ringmaster.control;

import static io.ringmaster.control.RefusedException.INVALID;
import static io.ringmaster.control.RefusedException.NO_SCHEDULER;
import static io.ringmaster.control.RefusedException.OUT_OF_RANGE;

import io.ringmaster.connection.TcpState;
import io.ringmaster.scheduler.SchedulerType;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.Timeouts;
import java.util.Arrays;

/** What the kernel (ip_vs_ctl.c) finds wrong with a rule by itself, whatever else there is. */
final class RuleChecks {
    private static final String PERSISTENCE_ENGINE = "sip";

    private RuleChecks() {
    }

    /** The scheduler that a service wants; refused, as is its persistence engine, if there is none of that name. */
    static SchedulerType scheduler(final ServiceSettings settings) {
        final SchedulerType type = Arrays.stream(SchedulerType.values())
            .filter(known -> known.word().equals(settings.scheduler()))
            .findFirst().orElseThrow(() -> new RefusedException(NO_SCHEDULER));
        refuseIf(!settings.engine().isEmpty() && !settings.engine().equals(PERSISTENCE_ENGINE), NO_SCHEDULER);
        return type;
    }

    /** Refuses numbers of a real server that are none. */
    static void check(final ServerSettings settings) {
        refuseIf(settings.weight() < 0 || settings.lower() > settings.upper(), OUT_OF_RANGE);
        refuseIf(settings.tunnel().type() == Tunnel.Type.GUE && settings.tunnel().port() == 0, INVALID);
    }

    /** Whether a real server is of another family than its service although no tunnel leads to it. */
    static boolean mixed(final ServiceId service, final ServerId server, final ServerSettings settings) {
        return service.address().ipv6() != server.address().ipv6() && settings.method() != ForwardingMethod.TUNNELING;
    }

    /** Time-outs with those replaced that are not 0; the same object if none is. */
    static Timeouts changed(final Timeouts old, final int tcpSec, final int tcpFinSec, final int udpSec) {
        Timeouts changed = old;
        changed = tcpSec == 0 ? changed : changed.withTcp(TcpState.ESTABLISHED.ordinal(), tcpSec);
        changed = tcpFinSec == 0 ? changed : changed.withTcp(TcpState.FIN_WAIT.ordinal(), tcpFinSec);
        return udpSec == 0 ? changed : changed.withUdp(udpSec);
    }

    /** Refuses with a message if something is wrong. */
    static void refuseIf(final boolean wrong, final String message) {
        if (wrong) {
            throw new RefusedException(message);
        }
    }
}
