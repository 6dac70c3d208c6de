package io.ringmaster.bench.pipeline;

/**
 * One pass over all frames.
 *
 * @param cpuNs    time that the thread had a core: what is compared, since a busy neighbour takes none of it.
 * @param wallNs   time that went by.
 * @param packets  packets that left.
 * @param checksum over the length and all bytes of each packet that left, in order.
 */
record Pass(long cpuNs, long wallNs, long packets, long checksum) {
}
