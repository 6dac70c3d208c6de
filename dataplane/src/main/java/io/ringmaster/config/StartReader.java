package io.ringmaster.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads what a file says about the start of a director. What the values mean is judged by whoever starts it. */
final class StartReader {
    private final String file;
    private final Map<String, Start.Word> options = new LinkedHashMap<>();

    private StartReader(final String file) {
        this.file = file;
    }

    /** Empty for a file that says nothing about it. */
    static Optional<Start> read(final String file, final Fields fields) {
        final StartReader reader = new StartReader(file);
        if (fields.has(Key.INTERFACES)) {
            reader.interfaces(fields);
        }
        if (fields.has(Key.RUN)) {
            final Fields run = Fields.of(file, fields.value(Key.RUN), Key.Place.RUN.text(), Key.Place.RUN.words());
            for (final String word : run.words()) {
                reader.put(word, run.text(word).orElseThrow(), run.value(word));
            }
        }
        return fields.has(Key.INTERFACES) || fields.has(Key.RUN) ? Optional.of(new Start(reader.options))
            : Optional.empty();
    }

    private void interfaces(final Fields fields) {
        final List<String> names = new ArrayList<>();
        for (final Node item : fields.items(Key.INTERFACES)) {
            if (!(item instanceof ScalarNode scalar) || scalar.getValue().isEmpty()
                || scalar.getValue().contains(",")) {
                throw Fields.refused(file, item, "an item of 'interfaces' is the name of one interface");
            }
            names.add(scalar.getValue());
        }
        if (names.isEmpty()) {
            throw fields.refused(Key.INTERFACES.word(), "'interfaces' names none; a director needs one at least");
        }
        put(Key.INTERFACES.word(), String.join(",", names), fields.value(Key.INTERFACES));
    }

    private void put(final String word, final String text, final Node place) {
        options.put(word, new Start.Word(text, place.getStartMark().map(mark -> mark.getLine() + 1).orElse(1),
            place.getStartMark().map(mark -> mark.getColumn() + 1).orElse(1)));
    }
}
