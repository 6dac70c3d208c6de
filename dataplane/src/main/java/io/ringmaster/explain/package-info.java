/**
 * What would happen to a packet that was never sent ({@code ringmaster explain}): a rehearsal.
 *
 * <p>The way of a packet is not written down a second time here. A packet is made ({@link
 * io.ringmaster.explain.MadePacket}), and cut up if it is to come in fragments ({@link io.ringmaster.explain.Pieces}),
 * the director's XDP program judges it by the maps as they are ({@link io.ringmaster.explain.Judge}), and then a real
 * worker with its whole packet path takes it from a ring in memory and sends it to one ({@link
 * io.ringmaster.explain.Rehearsal}). That worker shares nothing that it could change with those that carry traffic: it
 * has a connection table, counters, ways back to clients, numbers of VLANs and a ring to the kernel of its own, into
 * which was copied what this one packet can meet ({@link io.ringmaster.explain.Scene}): the connections of its two
 * ends, the template of its client, what real servers carry, and from each worker its scheduler's turn. The view is
 * the same but for the schedulers. So explaining moves no counter, takes no turn, prolongs no deadline, asks for no
 * neighbour, and the workers' own code has no case for it.
 *
 * <p>Thought through and left: to run the packet on the worker itself, between two batches, with exits that only record
 * and a tracker that puts changes aside. Everything that counts, inserts or schedules would have to ask whether it is
 * meant, on the path of every packet, and what was forgotten to ask would be a change that nobody sees.
 */
package io.ringmaster.explain;
