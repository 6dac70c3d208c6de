package io.ringmaster.cli.ipvsadm;

import io.ringmaster.config.State;
import io.ringmaster.control.RefusedException;
import io.ringmaster.control.ServerId;
import io.ringmaster.control.ServerSettings;
import io.ringmaster.control.ServiceId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules as {@code ipvsadm -S} prints them, read as the services that they make of an empty table. */
public final class SavedRules {
    private final Names names;
    private final String file;
    private final Map<ServiceId, State.Service> services = new LinkedHashMap<>();
    private int number;

    private SavedRules(final Names names, final String file) {
        this.names = names;
        this.file = file;
    }

    /** Whether a text is such rules: its first line that says something begins with an option. */
    public static boolean areIn(final String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).findFirst()
            .filter(line -> line.matches("(ipvsadm )?-[-Aa].*") && !line.startsWith("---")).isPresent();
    }

    /**
     * The services of some rules.
     *
     * @param file its name, for complaints.
     * @throws RefusedException with the line of what is wrong.
     */
    public static State read(final String text, final Names names, final String file) {
        final SavedRules rules = new SavedRules(names, file);
        RuleLines.of(text).forEach(rules::take);
        return new State(Optional.empty(), rules.services);
    }

    private void take(final String text) {
        number++;
        final List<String> words = RuleLines.words(text);
        if (words.isEmpty()) {
            return;
        }
        try {
            take(CommandLineParser.parse(words, names));
        } catch (final UsageException e) {
            throw refused(e.getMessage());
        }
    }

    private void take(final CommandLine line) {
        switch (line.command) {
            case ADD_SERVICE -> {
                if (services.put(line.service(), new State.Service(line.serviceSettings(), new LinkedHashMap<>()))
                    != null) {
                    throw refused(RefusedException.SERVICE_EXISTS);
                }
            }
            case ADD_SERVER -> {
                final State.Service service = services.get(line.service());
                if (service == null) {
                    throw refused(RefusedException.SERVICE_NOT_DEFINED);
                }
                final Map<ServerId, ServerSettings> servers = service.servers();
                if (servers.put(line.server(), line.serverSettings()) != null) {
                    throw refused(RefusedException.SERVER_EXISTS);
                }
            }
            default -> throw refused("rules of ipvsadm -S add services (-A) and real servers (-a), nothing else");
        }
    }

    private RefusedException refused(final String why) {
        return new RefusedException(file + ", line " + number + ": " + why.lines().findFirst().orElse(why)
            + (why.endsWith(".") ? "" : "."));
    }
}
