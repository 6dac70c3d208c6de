package io.ringmaster.ring;

/**
 * Where the parts of one AF_XDP ring lie in its mapping, as the kernel tells by getsockopt XDP_MMAP_OFFSETS (struct
 * xdp_ring_offset in linux/if_xdp.h). They differ between kernels and must not be guessed.
 *
 * @param producer bytes from the start of the mapping to the u32 producer index.
 * @param consumer bytes to the u32 consumer index.
 * @param desc     bytes to the first entry.
 * @param flags    bytes to the u32 flags.
 */
public record RingOffsets(long producer, long consumer, long desc, long flags) {
}
