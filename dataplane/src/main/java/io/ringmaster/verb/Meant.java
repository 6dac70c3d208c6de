package io.ringmaster.verb;

import java.util.Collection;
import java.util.Optional;

/** Guesses what a mistyped word was meant to be. */
public final class Meant {
    /** One slip for each so many letters, and one more. */
    private static final int LETTERS_PER_SLIP = 4;

    private Meant() {
    }

    /** The word that takes the fewest slips of the fingers to become the mistyped one; empty if none is near. */
    public static Optional<String> by(final String mistyped, final Collection<String> words) {
        String nearest = null;
        int fewest = 1 + mistyped.length() / LETTERS_PER_SLIP;
        for (final String word : words) {
            final int slips = slips(mistyped, word);
            if (slips < fewest || slips == fewest && nearest == null && slips < mistyped.length()) {
                nearest = word;
                fewest = slips;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** How many letters were left out, added, changed or swapped with their neighbour (Damerau and Levenshtein). */
    private static int slips(final String from, final String to) {
        final int[][] slips = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    slips[i][j] = i + j;
                    continue;
                }
                final boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                int least = Math.min(slips[i - 1][j - 1] + (same ? 0 : 1),
                    1 + Math.min(slips[i - 1][j], slips[i][j - 1]));
                if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2)
                    && from.charAt(i - 2) == to.charAt(j - 1)) {
                    least = Math.min(least, 1 + slips[i - 2][j - 2]);
                }
                slips[i][j] = least;
            }
        }
        return slips[from.length()][to.length()];
    }
}
