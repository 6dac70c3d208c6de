package io.ringmaster.conformance;

import java.util.List;

/**
 * What came of playing a recording.
 *
 * @param differences none if it holds.
 * @param excused     frames that are the kernel's, and bugs of the kernel that we do not have.
 */
record Result(String name, List<Difference> differences, List<Excuse> excused) {
    /** A step that went otherwise; the lines say how. */
    record Difference(int step, String what, List<String> lines) {
    }

    /** A frame that we did not have to send as recorded: what it is about and why. */
    record Excuse(int step, String subject, String reason) {
    }

    boolean holds() {
        return differences.isEmpty();
    }
}
