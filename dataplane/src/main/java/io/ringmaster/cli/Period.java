package io.ringmaster.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A length of time as people write it: 90, 90s, 10m, 2h, 1d. Immutable.
 *
 * @param seconds at least 1.
 */
record Period(long seconds) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhd]?)");
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    /** In words, the two largest units: "1h 5m", "40s". */
    static String text(final long seconds) {
        if (seconds >= DAY) {
            return two(seconds / DAY, "d", seconds % DAY / HOUR, "h");
        }
        if (seconds >= HOUR) {
            return two(seconds / HOUR, "h", seconds % HOUR / MINUTE, "m");
        }
        return seconds >= MINUTE ? two(seconds / MINUTE, "m", seconds % MINUTE, "s") : seconds + "s";
    }

    private static String two(final long large, final String largeUnit, final long small, final String smallUnit) {
        return large + largeUnit + (small == 0 ? "" : " " + small + smallUnit);
    }

    @Override
    public String toString() {
        return text(seconds);
    }

    /** For picocli. */
    static final class Reader implements ITypeConverter<Period> {
        @Override
        public Period convert(final String text) {
            final Matcher matcher = FORM.matcher(text);
            if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
                throw new TypeConversionException("'" + text + "' is no length of time; write it like 90s, 10m or 2h");
            }
            final long number = Long.parseLong(matcher.group(1));
            return new Period(switch (matcher.group(2)) {
                case "m" -> number * MINUTE;
                case "h" -> number * HOUR;
                case "d" -> number * DAY;
                default -> number;
            });
        }
    }
}
