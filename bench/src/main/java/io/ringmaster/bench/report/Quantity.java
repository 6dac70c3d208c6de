package io.ringmaster.bench.report;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as people write them on a command line. */
public final class Quantity {
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,10})([kKmM]?)");
    private static final Pattern SHARE = Pattern.compile("([0-9]{1,3}(?:\\.[0-9])?)%");
    private static final int PER_MILLE = 1_000;
    private static final int PER_CENT_TO_MILLE = 10;

    private Quantity() {
    }

    /**
     * A number like 250000, 250k or 1m.
     *
     * @throws BenchException if it is none.
     */
    public static long number(final String option, final String text) {
        final Matcher matcher = NUMBER.matcher(text);
        if (!matcher.matches()) {
            throw BenchException.usage(option + " " + text + " is no number; write it like 250000, 250k or 1m.");
        }
        final String unit = matcher.group(2).toLowerCase(Locale.ROOT);
        return Long.parseLong(matcher.group(1)) * (unit.equals("k") ? 1_000 : unit.equals("m") ? 1_000_000 : 1);
    }

    /**
     * A share like 10% or 0.5%, of a thousand.
     *
     * @throws BenchException if it is none.
     */
    public static int perMille(final String option, final String text) {
        final Matcher matcher = SHARE.matcher(text);
        final long perMille = matcher.matches()
            ? Math.round(Double.parseDouble(matcher.group(1)) * PER_CENT_TO_MILLE) : PER_MILLE + 1;
        if (perMille > PER_MILLE) {
            throw BenchException.usage(option + " " + text + " is no share; write it like 10% or 0.5%.");
        }
        return (int) perMille;
    }
}
