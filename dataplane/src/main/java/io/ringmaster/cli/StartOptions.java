package io.ringmaster.cli;

import io.ringmaster.config.Key;
import io.ringmaster.config.Start;
import io.ringmaster.config.State;
import io.ringmaster.control.ControlSocket;
import io.ringmaster.control.RefusedException;
import io.ringmaster.control.Startup;
import io.ringmaster.director.Settings;
import io.ringmaster.verb.Meant;
import io.ringmaster.verb.Syntax;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The options of {@code ringmaster run} that stand in a file: judged by the command line's own rules, and compared. */
final class StartOptions {
    private static final String YES = "true";
    private static final Set<Key> FLAGS = Set.of(Key.BUSY_POLL, Key.NO_FTP);

    private StartOptions() {
    }

    /** A file's options, read as if they stood on a command line. */
    record Judged(CommandLine line, Settings settings) {
    }

    /**
     * Judges them.
     *
     * @throws RefusedException with the place of what is wrong.
     */
    static Judged judge(final Start start, final String file) {
        final RunCommand command = new RunCommand(null, null);
        final CommandLine line = Syntax.of(command, "run", 0);
        try {
            line.parseArgs(arguments(start, file).toArray(String[]::new));
            return new Judged(line, command.settings());
        } catch (final ParameterException e) {
            final ArgSpec argument = e instanceof MissingParameterException missing && !missing.getMissing().isEmpty()
                ? missing.getMissing().getFirst() : e.getArgSpec();
            final String word = argument instanceof OptionSpec option ? word(option) : "";
            throw refused(start, file, word, noSuchWord(start, word, argument).orElse(e.getMessage()
                .replace("--interface", Key.INTERFACES.word()).replace("--", "")));
        }
    }

    /** For an option of some words only, as what else a file says: what was probably meant. */
    private static Optional<String> noSuchWord(final Start start, final String word, final ArgSpec argument) {
        if (argument == null || !argument.type().isEnum() || !start.options().containsKey(word)) {
            return Optional.empty();
        }
        final String text = start.options().get(word).text();
        final List<String> words = Arrays.stream(argument.type().getEnumConstants())
            .map(value -> value.toString().toLowerCase(Locale.ROOT)).toList();
        return words.contains(text.toLowerCase(Locale.ROOT)) ? Optional.empty() : Optional.of("'" + text + "' is no "
            + word + Meant.by(text, words).map("; did you mean %s?"::formatted)
                .orElse("; there are " + String.join(", ", words) + "."));
    }

    private static RefusedException refused(final Start start, final String file, final String word,
                                            final String sentence) {
        final Start.Word place = start.options().get(word);
        return new RefusedException(file + (place == null ? ": " : ", line " + place.line() + ", column "
            + place.column() + ": ") + sentence);
    }

    /** The key of an option. */
    static String word(final OptionSpec option) {
        final String word = option.longestName().substring(2);
        return word.equals("interface") ? Key.INTERFACES.word() : word;
    }

    private static List<String> arguments(final Start start, final String file) {
        final List<String> arguments = new ArrayList<>();
        final List<String> flags = FLAGS.stream().map(Key::word).toList();
        start.options().forEach((word, value) -> {
            if (!flags.contains(word)) {
                arguments.add("--" + (word.equals(Key.INTERFACES.word()) ? "interface" : word) + "=" + value.text());
            } else if (value.text().equals(YES)) {
                arguments.add("--" + word);
            } else if (!value.text().equals("false")) {
                throw refused(start, file, word, "'" + word + "' takes true or false, not '" + value.text() + "'.");
            }
        });
        return arguments;
    }

    /** The options of a director by the words of a file, without those that have their default. */
    static Map<String, String> words(final Settings settings) {
        final Map<String, String> words = new LinkedHashMap<>();
        put(words, Key.INTERFACES, String.join(",", settings.interfaces()), "");
        put(words, Key.CORES, join(settings.cores()), "");
        put(words, Key.CONNECTIONS, settings.connections(), RunCommand.CONNECTIONS);
        put(words, Key.CONNECTIONS6, settings.connections6(), RunCommand.connections6(settings.connections()));
        put(words, Key.IDLE, settings.idle(), Settings.IdleMode.BACKOFF);
        put(words, Key.BUSY_POLL, settings.busyPoll(), false);
        put(words, Key.SOCKET, settings.socket(), ControlSocket.defaultPath());
        put(words, Key.SOCKET_GROUP, settings.socketAccess().group().orElse(""), "");
        put(words, Key.SOCKET_GROUP_MAY, settings.socketAccess().groupMayChange() ? "change" : "look", "look");
        put(words, Key.FRAME_BYTES, settings.frameBytes(), 0);
        put(words, Key.HAND_BACK_RATE, settings.handBackRate(), RunCommand.HAND_BACK_RATE);
        final String ports = join(settings.ftpPorts().stream().sorted().toList());
        put(words, Key.FTP_PORTS, ports, settings.ftpPorts().isEmpty() ? ports : RunCommand.FTP_PORTS);
        put(words, Key.NO_FTP, settings.ftpPorts().isEmpty(), false);
        put(words, Key.XDP, settings.attachMode().map(Enum::name).orElse("auto").toLowerCase(Locale.ROOT), "auto");
        put(words, Key.VLANS, settings.keepVlans() ? "kept" : "known", "kept");
        return words;
    }

    private static void put(final Map<String, String> words, final Key key, final Object value,
                            final Object byDefault) {
        if (!value.toString().equals(byDefault.toString())) {
            words.put(key.word(), value.toString());
        }
    }

    private static String join(final List<Integer> numbers) {
        return numbers.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    /**
     * Refuses a file that wants another start than the running director had. What it has from its command line may
     * stand in the file otherwise, as long as the file is as it was then.
     *
     * @throws RefusedException that says what to do.
     */
    static void requireSame(final State wanted, final Startup startup, final String file) {
        if (wanted.start().isEmpty() || startup.inForce().isEmpty()) {
            return;
        }
        final Start start = wanted.start().get();
        final Map<String, String> words = words(judge(start, file).settings());
        final List<String> keys = new ArrayList<>(Key.Place.RUN.words());
        if (start.options().containsKey(Key.INTERFACES.word())) {
            keys.addFirst(Key.INTERFACES.word());
        }
        for (final String key : keys) {
            final String now = startup.inForce().get(key);
            final String next = words.get(key);
            if (!same(key, next, now) && !same(key, next, startup.ofFile().get(key))) {
                throw refused(start, file, key, "'" + key + "' is " + (next == null ? "not set" : next)
                    + " here and " + (now == null ? "not set" : now) + " in the running director, and cannot change "
                    + "while it runs. Restart the director with this file, or leave that key as it is. Nothing was "
                    + "changed.");
            }
        }
    }

    /** The order of interfaces means nothing. */
    private static boolean same(final String key, final String one, final String other) {
        return Objects.equals(one, other) || key.equals(Key.INTERFACES.word()) && one != null && other != null
            && Set.of(one.split(",")).equals(Set.of(other.split(",")));
    }
}
