package io.ringmaster.config;

import io.ringmaster.control.MarkWords;
import io.ringmaster.control.RefusedException;
import io.ringmaster.service.MarkRule;
import io.ringmaster.service.Sysctl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads a file in YAML and judges all that can be judged without a director. */
public final class StateReader {
    /** Longest file in characters: so much the director reads of a client. */
    public static final int LONGEST_CHARS = 16 << 20;
    private static final int LONGEST_SEC = 2_678_400;
    private static final int DEEPEST = 8;
    private static final List<String> SYSCTLS = Arrays.stream(Sysctl.values()).map(Sysctl::word).toList();

    private static final List<String> ABOUT_START = List.of(Key.INTERFACES.word(), Key.RUN.word());

    private final String file;
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private StateReader(final String file) {
        this.file = file;
    }

    /**
     * What a file says; what it does not name has its default. A file that speaks of the start of a director alone
     * has nothing else.
     *
     * @param text of the file.
     * @param file its name, for complaints.
     * @throws RefusedException with line, column, what is wrong and what was probably meant.
     */
    public static State read(final String text, final String file) {
        return new StateReader(file).read(text);
    }

    private State read(final String text) {
        final Node root = compose(text);
        requireTree(root, 0);
        final Fields fields = Fields.of(file, root, Key.Place.FILE.text(), Key.Place.FILE.words());
        final Optional<Start> start = StartReader.read(file, fields);
        if (start.isPresent() && ABOUT_START.containsAll(fields.words())) {
            return new State(Optional.empty(), Map.of(), start);
        }
        final State.Globals globals = new State.Globals(timeouts(fields), sysctls(fields), marks(fields));
        return new State(Optional.of(globals), new ServiceReader(file).read(fields.items(Key.SERVICES)), start);
    }

    private Node compose(final String text) {
        try {
            final LoadSettings settings = LoadSettings.builder().setLabel(file).setCodePointLimit(LONGEST_CHARS)
                .build();
            return new Compose(settings).composeString(text).orElseThrow(() -> new RefusedException(file
                + " is empty. A file says all that a director is to have; for one without services write: "
                + "services: []"));
        } catch (final MarkedYamlEngineException e) {
            throw Fields.refused(file, e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1),
                e.getProblemMark().map(mark -> mark.getColumn() + 1).orElse(1), "this is no YAML: " + e.getProblem());
        } catch (final YamlEngineException e) {
            throw new RefusedException(file + " is no YAML: " + e.getMessage());
        } catch (final StackOverflowError e) {
            throw new RefusedException(file + " has more levels than such a file can have.");
        }
    }

    /** Each thing in its own place: a short file whose aliases name each other could say more than memory holds. */
    private void requireTree(final Node node, final int depth) {
        final boolean branch = node instanceof MappingNode || node instanceof SequenceNode;
        if (branch && !seen.add(node)) {
            throw Fields.refused(file, node, "this stands in several places by an alias, which is not taken");
        }
        if (depth > DEEPEST) {
            throw Fields.refused(file, node, "there are more levels than such a file can have");
        }
        if (node instanceof MappingNode mapping) {
            for (final NodeTuple tuple : mapping.getValue()) {
                requireTree(tuple.getValueNode(), depth + 1);
            }
        } else if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(item -> requireTree(item, depth + 1));
        }
    }

    private SetTimeouts timeouts(final Fields fields) {
        if (!fields.has(Key.TIMEOUTS)) {
            return SetTimeouts.DEFAULTS;
        }
        final Fields some = Fields.of(file, fields.value(Key.TIMEOUTS), Key.Place.TIMEOUTS.text(),
            Key.Place.TIMEOUTS.words());
        return new SetTimeouts(some.number(Key.TIMEOUT_TCP, 1, LONGEST_SEC, SetTimeouts.DEFAULTS.tcpSec()),
            some.number(Key.TIMEOUT_TCP_FIN, 1, LONGEST_SEC, SetTimeouts.DEFAULTS.tcpFinSec()),
            some.number(Key.TIMEOUT_UDP, 1, LONGEST_SEC, SetTimeouts.DEFAULTS.udpSec()));
    }

    private Map<Sysctl, Long> sysctls(final Fields fields) {
        final Map<Sysctl, Long> wanted = new EnumMap<>(Sysctl.class);
        if (fields.has(Key.SYSCTLS)) {
            final Fields some = Fields.of(file, fields.value(Key.SYSCTLS), "sysctls", SYSCTLS);
            for (final String word : some.words()) {
                final Sysctl setting = Sysctl.find(word).orElseThrow();
                final String text = some.text(word).orElseThrow();
                final long value = setting.read(text).orElseThrow(() -> some.refused(word, "'" + word + "' takes "
                    + setting.allowed() + ", not '" + text + "'"));
                if (State.asWanted(setting, value) != setting.byDefault()) {
                    wanted.put(setting, State.asWanted(setting, value));
                }
            }
        }
        return wanted;
    }

    private List<MarkRule> marks(final Fields fields) {
        final List<MarkRule> rules = new ArrayList<>();
        final Set<MarkRule> different = new HashSet<>();
        for (final Node item : fields.items(Key.MARKS)) {
            final Fields rule = Fields.of(file, item, Key.Place.MARK.text(), Key.Place.MARK.words());
            final List<String> words = new ArrayList<>();
            for (final String word : rule.words()) {
                words.add("--" + word);
                words.add(rule.text(word).orElseThrow());
            }
            try {
                rules.add(MarkWords.read(words));
            } catch (final RefusedException e) {
                throw Fields.refused(file, item, e.getMessage().replace("; nothing was changed.", "."));
            }
            if (!different.add(rules.getLast())) {
                throw Fields.refused(file, item, "this rule for marks is there twice");
            }
        }
        return rules;
    }
}
