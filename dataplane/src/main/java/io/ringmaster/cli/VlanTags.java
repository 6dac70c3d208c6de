package io.ringmaster.cli;

import io.ringmaster.packet.Vlan;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The tags of a VLAN as people write them: 100, or 200.100 for one within another. Immutable.
 *
 * @param tags see {@link Vlan}.
 */
record VlanTags(int tags) {
    private static final Pattern FORM = Pattern.compile("(?:([0-9]{1,4})\\.)?([0-9]{1,4})");
    private static final int IDENTIFIER = 0xfff;
    private static final int LAST = 4094;

    private static int tag(final String text, final String digits, final int type) {
        final int id = Integer.parseInt(digits);
        if (id < 1 || id > LAST) {
            throw wrong(text);
        }
        return Vlan.tag(type, id);
    }

    /** Tags as they are written. */
    static String text(final int tags) {
        return (Vlan.areTwo(tags) ? (tags >>> Short.SIZE & IDENTIFIER) + "." : "") + (tags & IDENTIFIER);
    }

    private static TypeConversionException wrong(final String text) {
        return new TypeConversionException("'" + text
            + "' is no VLAN; write it like 100, or 200.100 for one within another, each from 1 to 4094");
    }

    /** For picocli. */
    static final class Reader implements ITypeConverter<VlanTags> {
        @Override
        public VlanTags convert(final String text) {
            final Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw wrong(text);
            }
            final int inner = tag(text, matcher.group(2), Vlan.TYPE_CUSTOMER);
            return new VlanTags(matcher.group(1) == null ? inner
                : Vlan.both(tag(text, matcher.group(1), Vlan.TYPE_SERVICE), inner));
        }
    }
}
