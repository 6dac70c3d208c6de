package io.ringmaster.connection;

/** What must always be true of the table; what a {@link TableChecker} looks for. */
public enum TableRule {
    /** A slot is free, pending, live or dying, and what is free or dying holds nothing else. */
    PHASE("phases", "each slot is free, pending, live or dying, with a word that fits"),
    /** Overflow marks are legal. */
    MARK("marks", "overflow marks are legal"),
    /** Keys are there while an entry is live, and only then. */
    KEY("keys", "a live entry has a key, a free or ended slot has none"),
    /** The fields of a live entry are possible. */
    FIELDS("fields", "state, scale, flags and port of each entry are possible"),
    /** No two live entries with one key and kind. */
    DUPLICATE("no-duplicates", "each key is there once among connections and once among templates"),
    /** A look-up gets to each live entry. */
    REACHABLE("reachable", "each entry lies within reach of its home line, behind marks that lead to it"),
    /** Endpoint and real server of each live entry are known. */
    ORPHAN("no-orphans", "endpoint and real server of each entry are known and belong together"),
    /** No slot stays on its way between two phases. */
    STUCK("no-stuck-slots", "no slot stays pending, or dying without a cycle"),
    /** Entries and counts of real servers agree. */
    COUNTS("counts", "active and inactive connections of each real server are as counted"),
    /** Templates and counts of real servers agree. */
    PERSISTENT("persistent-counts", "templates of each real server are as counted"),
    /** Templates and their connections agree. */
    CHILDREN("children", "connections that templates made are as many as the templates say"),
    /** Entries and the table's own count agree. */
    SIZE("size", "live entries are as many as the table says");

    private final String word;
    private final String meaning;

    TableRule(final String word, final String meaning) {
        this.word = word;
        this.meaning = meaning;
    }

    /** Its name for people and programs. */
    public String word() {
        return word;
    }

    /** What must be true. */
    public String meaning() {
        return meaning;
    }
}
