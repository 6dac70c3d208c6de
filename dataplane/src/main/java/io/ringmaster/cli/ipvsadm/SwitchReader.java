package io.ringmaster.cli.ipvsadm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Takes a command line apart as popt(3) does: letters can be bundled, an argument may be attached or be the next word,
 * words that belong to no switch are kept for later, a double dash ends the switches.
 */
final class SwitchReader {
    private final Iterator<String> words;
    private final Deque<String> leftOver = new ArrayDeque<>();
    private String word = "";
    private String bundle = "";
    private String argument;
    private String peeked;

    SwitchReader(final List<String> words) {
        this.words = words.iterator();
    }

    /**
     * The next switch.
     *
     * @return null at the end.
     * @throws UsageException where there is none of that name, or an argument is missing or too much.
     */
    Switch next() throws UsageException {
        argument = null;
        while (bundle.isEmpty()) {
            if (!hasWord()) {
                return null;
            }
            takeWord();
            if (word.length() < 2 || word.charAt(0) != '-') {
                leftOver.add(word);
            } else if (word.equals("--")) {
                while (hasWord()) {
                    leftOver.add(takeWord());
                }
            } else if (word.startsWith("--")) {
                return longForm(word.substring(2));
            } else {
                bundle = word.substring(1);
            }
        }
        final Switch found = known(Switch.ofLetter(bundle.charAt(0)));
        bundle = bundle.substring(1);
        if (found.argument() != Switch.Argument.NO) {
            final String attached = bundle.isEmpty() ? null : bundle.substring(bundle.charAt(0) == '=' ? 1 : 0);
            bundle = "";
            argument = attached != null ? attached : follows(found);
        } else if (bundle.startsWith("=")) {
            throw unwanted();
        }
        return found;
    }

    private Switch longForm(final String text) throws UsageException {
        final int equals = text.indexOf('=');
        final Switch found = known(Switch.ofName(equals < 0 ? text : text.substring(0, equals)));
        if (equals >= 0 && found.argument() == Switch.Argument.NO) {
            throw unwanted();
        }
        if (found.argument() != Switch.Argument.NO) {
            argument = equals < 0 ? follows(found) : text.substring(equals + 1);
        }
        return found;
    }

    private UsageException unwanted() {
        return UsageException.unreadable("%s: option does not take an argument", word);
    }

    private Switch known(final Switch found) throws UsageException {
        if (found == null) {
            throw UsageException.unreadable("%s: unknown option", word);
        }
        return found;
    }

    private String follows(final Switch found) throws UsageException {
        if (found.argument() == Switch.Argument.OPTIONAL) {
            return hasWord() && !peek().startsWith("-") ? takeWord() : null;
        }
        if (!hasWord()) {
            throw UsageException.unreadable("%s: missing argument", word);
        }
        return takeWord();
    }

    private boolean hasWord() {
        return peeked != null || words.hasNext();
    }

    private String peek() {
        if (peeked == null) {
            peeked = words.next();
        }
        return peeked;
    }

    private String takeWord() {
        word = peek();
        peeked = null;
        return word;
    }

    /** The argument of the last switch, or null if it has none. */
    String argument() {
        return argument;
    }

    /** The word that was read last: that of the last switch, or of its argument. Complaints name it. */
    String word() {
        return word;
    }

    /** The next word that belonged to no switch, or null. */
    String leftOver() {
        return leftOver.poll();
    }
}
