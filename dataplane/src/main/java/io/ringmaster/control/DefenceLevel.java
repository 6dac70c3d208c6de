package io.ringmaster.control;

import io.ringmaster.service.Defence;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.Sysctls;

/**
 * Which defence the settings ask for at a fill of the connection table: the kernel's rule (ip_vs_ctl.c,
 * update_defense_level), whose free memory is our free part of the table.
 */
final class DefenceLevel {
    private static final long OFF = 0;
    private static final long READY = 1;
    private static final long ACTIVE = 2;
    private static final long ALWAYS = 3;

    private DefenceLevel() {
    }

    /**
     * The settings as they become: modes 1 and 2 change into each other, the defence follows.
     *
     * @param size     connections and templates in the table.
     * @param capacity those that it is made for, 1 and above.
     */
    static Sysctls of(final Sysctls now, final long size, final long capacity) {
        final long threshold = now.value(Sysctl.AMEMTHRESH);
        final long free = (long) (Math.max(0, capacity - size) * (double) Sysctl.WHOLE_TABLE / capacity);
        final boolean scarce = free < threshold;
        Sysctls next = now;
        for (final Sysctl mode : new Sysctl[] {Sysctl.DROP_ENTRY, Sysctl.DROP_PACKET, Sysctl.SECURE_TCP}) {
            final long value = now.value(mode);
            if (value == READY || value == ACTIVE) {
                next = next.with(mode, scarce ? ACTIVE : READY);
            }
        }
        return next.with(new Defence(dropRate(next, threshold, free), acts(next.value(Sysctl.DROP_ENTRY)),
            acts(next.value(Sysctl.SECURE_TCP))));
    }

    private static boolean acts(final long mode) {
        return mode == ACTIVE || mode == ALWAYS;
    }

    private static int dropRate(final Sysctls settings, final long threshold, final long free) {
        final long mode = settings.value(Sysctl.DROP_PACKET);
        if (mode == OFF || mode == READY) {
            return 0;
        }
        return (int) (mode == ALWAYS ? settings.value(Sysctl.AM_DROPRATE) : threshold / (threshold - free));
    }
}
