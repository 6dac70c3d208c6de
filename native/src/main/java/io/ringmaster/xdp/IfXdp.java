package io.ringmaster.xdp;

/**
 * Numbers and layouts of AF_XDP: include/uapi/linux/if_xdp.h and include/linux/socket.h. A test compares each with the
 * headers of the machine it runs on.
 */
final class IfXdp {
    static final int AF_XDP = 44;
    static final int SOL_XDP = 283;
    static final int SOCK_RAW = 3;
    static final int SOCK_CLOEXEC = 0x80000;
    // flags of struct sockaddr_xdp
    static final int XDP_SHARED_UMEM = 1;
    static final int XDP_COPY = 1 << 1;
    static final int XDP_ZEROCOPY = 1 << 2;
    static final int XDP_USE_NEED_WAKEUP = 1 << 3;
    // socket options
    static final int XDP_MMAP_OFFSETS = 1;
    static final int XDP_RX_RING = 2;
    static final int XDP_TX_RING = 3;
    static final int XDP_UMEM_REG = 4;
    static final int XDP_UMEM_FILL_RING = 5;
    static final int XDP_UMEM_COMPLETION_RING = 6;
    static final int XDP_STATISTICS = 7;
    /** Frames that one sendto sends in copy mode; kernels without it send 32 and answer ENOPROTOOPT here. */
    static final int XDP_MAX_TX_SKB_BUDGET = 9;
    // offsets for mmap
    static final long XDP_PGOFF_RX_RING = 0;
    static final long XDP_PGOFF_TX_RING = 0x80000000L;
    static final long XDP_UMEM_PGOFF_FILL_RING = 0x100000000L;
    static final long XDP_UMEM_PGOFF_COMPLETION_RING = 0x180000000L;
    // struct sockaddr_xdp: u16 family, u16 flags, u32 ifindex, u32 queue_id, u32 shared_umem_fd
    static final int SOCKADDR_BYTES = 16;
    static final int SXDP_FAMILY = 0;
    static final int SXDP_FLAGS = 2;
    static final int SXDP_IFINDEX = 4;
    static final int SXDP_QUEUE_ID = 8;
    static final int SXDP_SHARED_UMEM_FD = 12;
    // struct xdp_umem_reg: u64 addr, u64 len, u32 chunk_size, u32 headroom, u32 flags, u32 (padding; later metadata)
    static final int UMEM_REG_BYTES = 32;
    static final int UMEM_REG_ADDR = 0;
    static final int UMEM_REG_LEN = 8;
    static final int UMEM_REG_CHUNK_SIZE = 16;
    static final int UMEM_REG_HEADROOM = 20;
    static final int UMEM_REG_FLAGS = 24;
    // struct xdp_mmap_offsets: struct xdp_ring_offset rx, tx, fr, cr, each u64 producer, consumer, desc, flags
    static final int MMAP_OFFSETS_BYTES = 128;
    static final int OFFSETS_RX = 0;
    static final int OFFSETS_TX = 32;
    static final int OFFSETS_FILL = 64;
    static final int OFFSETS_COMPLETION = 96;
    static final int OFFSET_PRODUCER = 0;
    static final int OFFSET_CONSUMER = 8;
    static final int OFFSET_DESC = 16;
    static final int OFFSET_FLAGS = 24;
    // struct xdp_statistics: u64 rx_dropped, rx_invalid_descs, tx_invalid_descs, rx_ring_full,
    // rx_fill_ring_empty_descs, tx_ring_empty_descs
    static final int STATISTICS_BYTES = 48;
    static final int STATISTICS_COUNTERS = 6;
    // bytes of one entry: struct xdp_desc, and a bare u64 in fill and completion rings
    static final int DESC_BYTES = 16;
    static final int ADDRESS_BYTES = 8;
    // include/uapi/asm-generic/socket.h
    static final int SOL_SOCKET = 1;
    static final int SO_BUSY_POLL = 46;
    static final int SO_PREFER_BUSY_POLL = 69;
    static final int SO_BUSY_POLL_BUDGET = 70;

    private IfXdp() {
    }
}
