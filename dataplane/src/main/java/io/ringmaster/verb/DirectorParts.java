package io.ringmaster.verb;

import io.ringmaster.capture.Captures;
import io.ringmaster.control.PacketFates;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Startup;
import io.ringmaster.explain.Explainer;
import java.util.Optional;

/**
 * What verbs may look at and change of a director. Owned by the control thread: used inside {@link Call#ask} and
 * {@link Call#change} only.
 *
 * @param table of services, real servers, marks and settings; also the way to connections.
 * @param fates what became of packets.
 * @param startup how the director was started.
 * @param explainer of packets; empty for a director without workers.
 * @param captures those that run; any thread may use it.
 */
public record DirectorParts(ServiceTable table, PacketFates fates, Startup startup, Optional<Explainer> explainer,
                            Captures captures) {
}
