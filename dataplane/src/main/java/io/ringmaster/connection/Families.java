package io.ringmaster.connection;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Templates and the connections that they made: as many as the templates say, for each real server and, where one is
 * quiet, for each template. Owned by the checker's thread. Memory is bounded: templates share buckets, in which sums
 * agree if each agrees.
 */
final class Families {
    private static final int BUCKET_BITS = 18;
    private static final int BUCKETS = 1 << BUCKET_BITS;
    private static final long SPREAD = 0x9e3779b97f4a7c15L;
    private static final int SHARED = -1;

    private final TableFacts facts;
    private final boolean narrow;
    private final int[] said = new int[EntryTally.NUMBERS];
    private final int[] found = new int[EntryTally.NUMBERS];
    private final boolean[] uncountable = new boolean[EntryTally.NUMBERS];
    // Of each bucket: children said minus found, and the one real server of all that is in it. Made when there is use.
    private int[] differences = {};
    private int[] servers = {};
    private long[] examples = {};
    private boolean[] seems = {};

    Families(final TableForm form, final TableFacts facts) {
        this.narrow = form == TableForm.NARROW;
        this.facts = facts;
    }

    void begin() {
        Arrays.fill(said, 0);
        Arrays.fill(found, 0);
        Arrays.fill(uncountable, false);
        Arrays.fill(differences, 0);
        Arrays.fill(servers, 0);
    }

    void add(final long key, final long value) {
        final boolean template = ConnectionValue.isTemplate(value);
        if (!template && !ConnectionValue.isChild(value)) {
            return;
        }
        final int server = ConnectionValue.realServer(value);
        final int children = template ? TemplateValue.children(value) : -1;
        if (template) {
            said[server] += children;
            uncountable[server] |= children == TemplateValue.MAX_CHILDREN;
        } else {
            found[server]++;
        }
        if (!narrow || ConnectionValue.isOfCall(value)) {
            // The sums of each real server tell of wide ones, and of those that are known by a call.
            return;
        }
        if (differences.length == 0) {
            differences = new int[BUCKETS];
            servers = new int[BUCKETS];
            examples = new long[BUCKETS];
            seems = new boolean[BUCKETS];
        }
        final int endpoint = ConnectionKey.endpoint(key);
        final long template0 = ConnectionKey.of(ConnectionKey.clientAddress(key) & facts.templateMask(endpoint), 0,
            endpoint);
        final int bucket = (int) ((template0 * 31 + server) * SPREAD >>> Long.SIZE - BUCKET_BITS);
        differences[bucket] += children;
        servers[bucket] = servers[bucket] == 0 || servers[bucket] == server ? server : SHARED;
        examples[bucket] = template0;
    }

    /** Whether a real server's templates and connections agree to within what moved. */
    boolean agree(final int server, final long moved) {
        final long more = (long) said[server] - found[server];
        // Without its template a connection is only one more; a template without its connection would stay for ever.
        return uncountable[server] || more <= moved && (more >= -moved || !facts.keptTemplates(server));
    }

    /** Compares single templates of real servers that were quiet; later looks only confirm. */
    void compareEach(final boolean first, final IntPredicate quiet) {
        for (int i = 0; i < differences.length; i++) {
            final int server = servers[i];
            final boolean wrong = differences[i] != 0 && server > 0 && quiet.test(server) && !uncountable[server]
                && facts.keptTemplates(server);
            seems[i] = wrong && (first || seems[i]);
        }
    }

    boolean seemsWrong() {
        for (final boolean wrong : seems) {
            if (wrong) {
                return true;
            }
        }
        return false;
    }

    String text(final int server) {
        return "its templates have " + said[server] + " connections, and " + found[server] + " were found";
    }

    /** Tells of templates that seemed wrong at every look, where the sums of their server do not tell already. */
    void tell(final TableReport report) {
        for (int i = 0; i < seems.length; i++) {
            if (seems[i] && said[servers[i]] == found[servers[i]]) {
                report.violation(TableRule.CHILDREN, facts.name(servers[i]) + ": the template of "
                    + KeyReader.name(examples[i]) + " says " + Math.abs(differences[i])
                    + (differences[i] > 0 ? " connections more" : " connections fewer") + " than were found");
            }
        }
    }
}
