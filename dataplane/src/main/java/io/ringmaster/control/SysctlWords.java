package io.ringmaster.control;

import io.ringmaster.service.Sysctl;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings as the words of a command: names, and names with values.
 *
 * @param named  each setting that was named, in the order of the words, with the value that it is to have; without one
 *               it is only looked at.
 */
public record SysctlWords(Map<Sysctl, Optional<Long>> named) {
    /** A value that its setting does not take; the message is a sentence for a person. */
    public static final class ValueException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ValueException(final String sentence) {
            super(sentence);
        }
    }

    /**
     * Reads words.
     *
     * @throws RefusedException for a setting that does not exist.
     * @throws ValueException   for a value that its setting does not take, or two for one setting.
     */
    public static SysctlWords read(final List<String> words) {
        final Map<Sysctl, Optional<Long>> named = new LinkedHashMap<>();
        for (final String word : words) {
            final int equals = word.indexOf('=');
            final String name = equals < 0 ? word : word.substring(0, equals);
            final Sysctl setting = Sysctl.find(name.strip()).orElseThrow(() -> new RefusedException("There is no "
                + "setting " + name + "; ringmaster sysctl -a lists all. Nothing was changed."));
            if (equals >= 0 && named.getOrDefault(setting, Optional.empty()).isPresent()) {
                throw new ValueException(setting.fullName() + " is given two values; nothing was changed.");
            }
            if (equals >= 0) {
                named.put(setting, Optional.of(value(setting, word.substring(equals + 1))));
            } else {
                named.putIfAbsent(setting, Optional.empty());
            }
        }
        return new SysctlWords(named);
    }

    private static long value(final Sysctl setting, final String text) {
        return setting.read(text).orElseThrow(() -> new ValueException(setting.fullName() + " takes "
            + setting.allowed() + ", not '" + text + "'; nothing was changed."));
    }

    /** Whether one of them is to have a value. */
    public boolean change() {
        return named.values().stream().anyMatch(Optional::isPresent);
    }

    /** Gives all of them their values at once; the control thread. */
    public void apply(final ServiceTable table) {
        var wanted = table.sysctls();
        for (final Map.Entry<Sysctl, Optional<Long>> each : named.entrySet()) {
            if (each.getValue().isPresent()) {
                wanted = wanted.with(each.getKey(), each.getValue().get());
            }
        }
        table.setSysctls(wanted);
    }
}
