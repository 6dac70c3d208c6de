package io.ringmaster.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number as people write large ones: 1000000, 250k, 1M. */
final class Quantity implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})([kKmM]?)");

    @Override
    public Long convert(final String text) {
        final Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is no number; write it like 250000, 250k or 1M");
        }
        final long digits = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "k", "K" -> digits * 1_000;
            case "m", "M" -> digits * 1_000_000;
            default -> digits;
        };
    }
}
