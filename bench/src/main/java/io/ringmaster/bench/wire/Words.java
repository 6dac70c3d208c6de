package io.ringmaster.bench.wire;

import io.ringmaster.bench.report.BenchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the words of the command line that several measurements have; each refusal is one sentence. */
public final class Words {
    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,10})([kKmM]?)");

    private Words() {
    }

    /** A number like 250000, 250k or 1m within bounds. */
    public static int quantity(final String option, final String text, final int least, final int most) {
        final Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches()) {
            throw new BenchException(option + " " + text + " is no number; write it like 250000, 250k or 1m.");
        }
        final String unit = matcher.group(2).toLowerCase(Locale.ROOT);
        final long value = Long.parseLong(matcher.group(1)) * (unit.equals("k") ? 1_000
            : unit.equals("m") ? 1_000_000 : 1);
        refuseUnless(value >= least && value <= most, option + " " + text + " is not possible; give " + least + " to "
            + most);
        return (int) value;
    }

    /** Refuses a file whose folder is not there. */
    public static void checkFile(final String option, final Path file) {
        if (file != null) {
            final Path folder = file.toAbsolutePath().getParent();
            refuseUnless(folder != null && Files.isDirectory(folder) && !Files.isDirectory(file), option + " " + file
                + " cannot be written; name a file in a folder that is there");
        }
    }

    /** Throws the sentence, to which a full stop is added. */
    public static void refuseUnless(final boolean possible, final String sentence) {
        if (!possible) {
            throw new BenchException(sentence + ".");
        }
    }
}
