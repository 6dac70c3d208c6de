package io.ringmaster.config;

import io.ringmaster.control.RefusedException;
import io.ringmaster.verb.Meant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The keys of one mapping of a file, each known and there once. Whatever is wrong is told with line and column. */
final class Fields {
    private final String file;
    private final Node node;
    private final String place;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Node> keys = new LinkedHashMap<>();

    private Fields(final String file, final Node node, final String place) {
        this.file = file;
        this.node = node;
        this.place = place;
    }

    /**
     * Reads a mapping.
     *
     * @param file  its name, for complaints.
     * @param node  that is to be a mapping.
     * @param place what it is, for a person.
     * @param words the keys that it may have.
     */
    static Fields of(final String file, final Node node, final String place, final Collection<String> words) {
        final Fields fields = new Fields(file, node, place);
        if (!(node instanceof MappingNode mapping)) {
            throw refused(file, node, place + " is written as KEY: VALUE, not so; its keys are "
                + String.join(", ", words));
        }
        for (final NodeTuple tuple : mapping.getValue()) {
            fields.take(tuple, words);
        }
        return fields;
    }

    private void take(final NodeTuple tuple, final Collection<String> words) {
        final Node key = tuple.getKeyNode();
        final String word = key instanceof ScalarNode scalar ? scalar.getValue() : "...";
        if (!words.contains(word)) {
            throw refused(file, key, "'" + word + "' is no key of " + place + Meant.by(word, words)
                .map("; did you mean %s?"::formatted).orElse("; its keys are " + String.join(", ", words) + "."));
        }
        if (values.put(word, tuple.getValueNode()) != null) {
            throw refused(file, key, "'" + word + "' is there twice");
        }
        keys.put(word, key);
    }

    /** A refusal that tells where. */
    static RefusedException refused(final String file, final Node node, final String sentence) {
        return refused(file, node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1),
            node.getStartMark().map(mark -> mark.getColumn() + 1).orElse(1), sentence);
    }

    /** The same for lines and columns that count from 1. */
    static RefusedException refused(final String file, final int line, final int column, final String sentence) {
        final String end = sentence.endsWith("?") || sentence.endsWith(".") ? "" : ".";
        return new RefusedException(file + ", line " + line + ", column " + column + ": " + sentence + end);
    }

    /** A refusal about the value of a key, or about the whole if the key is not there. */
    RefusedException refused(final String word, final String sentence) {
        return refused(file, values.getOrDefault(word, node), sentence);
    }

    /** The keys that are there, in the order of the file. */
    Collection<String> words() {
        return values.keySet();
    }

    boolean has(final Key key) {
        return values.containsKey(key.word());
    }

    Node value(final Key key) {
        return value(key.word());
    }

    Node value(final String word) {
        return values.get(word);
    }

    /** The text of a key's value; empty if the key is not there. */
    Optional<String> text(final String word) {
        final Node value = values.get(word);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
            return Optional.of(scalar.getValue());
        }
        throw refused(file, value, "'" + word + "' takes one value");
    }

    /** A number of a range; a default if the key is not there. */
    int number(final Key key, final int least, final int most, final int otherwise) {
        final Optional<String> text = text(key.word());
        if (text.isEmpty()) {
            return otherwise;
        }
        final boolean number = text.get().matches("[0-9]{1,10}");
        if (!number || Long.parseLong(text.get()) < least || Long.parseLong(text.get()) > most) {
            throw refused(key.word(), "'" + key.word() + "' takes a number from " + least + " to " + most + ", not '"
                + text.get() + "'");
        }
        return Integer.parseInt(text.get());
    }

    /** One of some words; a default if the key is not there. */
    String oneOf(final Key key, final Collection<String> words, final String otherwise) {
        final String text = text(key.word()).orElse(otherwise);
        if (!words.contains(text)) {
            throw refused(key.word(), "'" + text + "' is no " + key.word() + Meant.by(text, words)
                .map("; did you mean %s?"::formatted).orElse("; there are " + String.join(", ", words) + "."));
        }
        return text;
    }

    /** The items of a list; none if the key is not there. */
    List<Node> items(final Key key) {
        final Node value = values.get(key.word());
        if (value == null) {
            return List.of();
        }
        if (value instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw refused(file, value, "'" + key.word() + "' takes a list, each item behind a - of its own; [] for none");
    }
}
