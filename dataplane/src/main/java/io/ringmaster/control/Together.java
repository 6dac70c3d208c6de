package io.ringmaster.control;

import io.ringmaster.service.ServiceView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What several commands that make one change have changed so far: every step of every service, since a scheduler goes
 * by the order in which real servers came (wrr begins at the weight of the first one). Owned by the control thread.
 */
final class Together {
    /** Real servers in all steps; beyond it only the last step of each service is kept, for memory and time. */
    private static final int MOST_PLACES = 1 << 18;

    private final List<ServiceView> changed = new ArrayList<>();
    private int places;
    private boolean any;

    /** One command's step. */
    void add(final List<ServiceView> told) {
        any = true;
        for (final ServiceView service : told) {
            changed.add(service);
            places += service.serverCount();
        }
        if (places > MOST_PLACES) {
            keepLastSteps();
        }
    }

    private void keepLastSteps() {
        final Map<Integer, ServiceView> last = new LinkedHashMap<>();
        changed.forEach(service -> last.put(service.endpoint(), service));
        changed.clear();
        changed.addAll(last.values());
        places = changed.stream().mapToInt(ServiceView::serverCount).sum();
    }

    /** Whether any command changed anything. */
    boolean any() {
        return any;
    }

    /** The steps in their order. */
    List<ServiceView> changed() {
        return changed;
    }
}
