package io.ringmaster.service;

import java.util.Arrays;

/** The values of all {@link Sysctl}s, the defence that follows from them now, and the host's limits. Immutable. */
public final class Sysctls {
    /** The kernel's defaults. */
    public static final Sysctls DEFAULTS = new Sysctls(defaults(), Defence.NONE, IcmpLimits.LINUX);

    private final long[] values;
    private final Defence defence;
    private final IcmpLimits icmpLimits;

    private Sysctls(final long[] values, final Defence defence, final IcmpLimits icmpLimits) {
        this.values = values;
        this.defence = defence;
        this.icmpLimits = icmpLimits;
    }

    private static long[] defaults() {
        return Arrays.stream(Sysctl.values()).mapToLong(Sysctl::byDefault).toArray();
    }

    /** The value of a setting. */
    public long value(final Sysctl setting) {
        return values[setting.ordinal()];
    }

    /** Whether a setting is other than 0. */
    public boolean on(final Sysctl setting) {
        return values[setting.ordinal()] != 0;
    }

    /** What is done against a flood. */
    public Defence defence() {
        return defence;
    }

    /** How many ICMP errors the host sends, and so the director. */
    public IcmpLimits icmpLimits() {
        return icmpLimits;
    }

    /** A copy with another value of one setting, which takes it. */
    public Sysctls with(final Sysctl setting, final long value) {
        final long[] changed = values.clone();
        changed[setting.ordinal()] = value;
        return new Sysctls(changed, defence, icmpLimits);
    }

    /** A copy with another defence. */
    public Sysctls with(final Defence newDefence) {
        return new Sysctls(values, newDefence, icmpLimits);
    }

    /** A copy with other limits of the host. */
    public Sysctls with(final IcmpLimits newLimits) {
        return new Sysctls(values, defence, newLimits);
    }

    /** Whether another has the same values, defence and limits. */
    public boolean sameAs(final Sysctls other) {
        return Arrays.equals(values, other.values) && defence.equals(other.defence)
            && icmpLimits.equals(other.icmpLimits);
    }
}
