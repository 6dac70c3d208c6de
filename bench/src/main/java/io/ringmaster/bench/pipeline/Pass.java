package io.ringmaster.bench.pipeline;

/**
 * One pass over all frames of a worker.
 *
 * @param cpuNs          time that the thread had a core: what is compared, since a busy neighbour takes none of it.
 * @param wallNs         time that went by.
 * @param packets        packets that left.
 * @param checksum       over the length and all bytes of each packet that left, in order.
 * @param allocatedBytes of the Java heap, by the thread.
 */
record Pass(long cpuNs, long wallNs, long packets, long checksum, long allocatedBytes) {
    double nsPerPacket() {
        return (double) cpuNs / packets;
    }
}
