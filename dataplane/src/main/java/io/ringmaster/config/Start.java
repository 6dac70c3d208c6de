package io.ringmaster.config;

import java.util.Map;

/**
 * What a file says about the start of a director: options of {@code ringmaster run}, as they are written. Immutable by
 * custom.
 *
 * @param options by the key's word, in the order of the file; interfaces are joined by commas.
 */
public record Start(Map<String, Word> options) {
    /**
     * A value and where it stands.
     *
     * @param text   never empty.
     * @param line   counts from 1.
     * @param column counts from 1.
     */
    public record Word(String text, int line, int column) {
    }
}
