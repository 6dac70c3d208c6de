package io.ringmaster.verb;

import io.ringmaster.control.PacketFates;
import io.ringmaster.control.ServiceTable;

/**
 * What verbs may look at and change of a director. Owned by the control thread: used inside {@link Call#ask} and
 * {@link Call#change} only.
 *
 * @param table of services, real servers, marks and settings; also the way to connections.
 * @param fates what became of packets.
 */
public record DirectorParts(ServiceTable table, PacketFates fates) {
}
