/**
 * The recordings of what a real kernel IPVS did, played to a director without a kernel: same rules, same frames in,
 * same frames out, same listings.
 */
package io.ringmaster.conformance;
