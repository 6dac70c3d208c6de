/**
 * Captures: packets before and after the director's work on them, copied for whoever asks.
 *
 * <p>Three threads have a part in a capture. The verb's thread begins and ends it in {@link
 * io.ringmaster.capture.Captures} and takes out of its rings; each worker looks once a cycle which captures there are,
 * and puts copies into its own ring of each; nobody waits for another. Where a ring is full the worker counts and goes
 * on. Rings are memory of their own, made when a capture begins and kept for the next one: packet memory is read by its
 * worker only, so a capture may outlive the director's sockets or its client without harm.
 *
 * <p>While none runs, workers look at one reference a cycle and at nothing else for each packet. While one does, a
 * packet that it may want goes through the packet path alone, as a batch of one: what it is before and what was put
 * into the transmit rings, counted and found behind it is then its own, and the packet path does not know of captures.
 * All others go in batches as ever.
 */
package io.ringmaster.capture;
