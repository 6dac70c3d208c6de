/**
 * The recordings of what a real kernel IPVS did, played to a director without a kernel: same rules, same frames in,
 * same frames out, same listings. Some are played to a running director over veth as well; with the recorder's own
 * player and {@code src/test/replay/replay-hook} any can be.
 */
package io.ringmaster.conformance;
