package io.ringmaster.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.sys.CProgram;
import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IfXdpTest {
    private static final List<String> HEADERS = List.of("sys/socket.h", "linux/if_xdp.h", "linux/bpf.h");
    private static final List<String> NOT_OF_THE_KERNEL = List.of("SOCKADDR_", "SXDP_", "UMEM_REG_", "MMAP_OFFSETS_",
        "OFFSET", "STATISTICS_", "DESC_", "ADDRESS_", "SOCK_");

    @Test
    void numbersAndLayoutsAreTheKernels() throws Exception {
        CProgram.requireCompiler();
        final Map<String, Long> ours = constants();
        assertTrue(ours.size() >= 23, ours.toString());
        ours.putAll(structures());
        final Map<String, Long> real = CProgram.evaluate(HEADERS, ours.keySet());
        assertEquals("", CProgram.differences(ours, real));
        ours.keySet().removeAll(real.keySet());
        // Newer than the headers of the oldest machines we build on.
        ours.keySet().removeAll(List.of("XDP_MAX_TX_SKB_BUDGET", "SO_PREFER_BUSY_POLL", "SO_BUSY_POLL_BUDGET"));
        assertEquals(Map.of(), ours);
    }

    private static Map<String, Long> constants() throws IllegalAccessException {
        final Map<String, Long> ours = new LinkedHashMap<>();
        for (final Field field : IfXdp.class.getDeclaredFields()) {
            final String name = field.getName();
            if (!field.isSynthetic() && NOT_OF_THE_KERNEL.stream().noneMatch(name::startsWith)) {
                ours.put(name, ((Number) field.get(null)).longValue());
            }
        }
        ours.put("XDP_PACKET_HEADROOM", (long) Umem.HEADROOM_BYTES);
        ours.put("SOCK_RAW+0", (long) IfXdp.SOCK_RAW);
        ours.put("SOCK_CLOEXEC+0", (long) IfXdp.SOCK_CLOEXEC);
        return ours;
    }

    private static Map<String, Long> structures() {
        final Map<String, Long> ours = new LinkedHashMap<>();
        ours.put("sizeof(struct sockaddr_xdp)", (long) IfXdp.SOCKADDR_BYTES);
        member(ours, "sockaddr_xdp, sxdp_family", IfXdp.SXDP_FAMILY);
        member(ours, "sockaddr_xdp, sxdp_flags", IfXdp.SXDP_FLAGS);
        member(ours, "sockaddr_xdp, sxdp_ifindex", IfXdp.SXDP_IFINDEX);
        member(ours, "sockaddr_xdp, sxdp_queue_id", IfXdp.SXDP_QUEUE_ID);
        member(ours, "sockaddr_xdp, sxdp_shared_umem_fd", IfXdp.SXDP_SHARED_UMEM_FD);
        ours.put("sizeof(struct xdp_umem_reg)", (long) IfXdp.UMEM_REG_BYTES);
        member(ours, "xdp_umem_reg, addr", IfXdp.UMEM_REG_ADDR);
        member(ours, "xdp_umem_reg, len", IfXdp.UMEM_REG_LEN);
        member(ours, "xdp_umem_reg, chunk_size", IfXdp.UMEM_REG_CHUNK_SIZE);
        member(ours, "xdp_umem_reg, headroom", IfXdp.UMEM_REG_HEADROOM);
        member(ours, "xdp_umem_reg, flags", IfXdp.UMEM_REG_FLAGS);
        ours.put("sizeof(struct xdp_mmap_offsets)", (long) IfXdp.MMAP_OFFSETS_BYTES);
        member(ours, "xdp_mmap_offsets, rx", IfXdp.OFFSETS_RX);
        member(ours, "xdp_mmap_offsets, tx", IfXdp.OFFSETS_TX);
        member(ours, "xdp_mmap_offsets, fr", IfXdp.OFFSETS_FILL);
        member(ours, "xdp_mmap_offsets, cr", IfXdp.OFFSETS_COMPLETION);
        member(ours, "xdp_ring_offset, producer", IfXdp.OFFSET_PRODUCER);
        member(ours, "xdp_ring_offset, consumer", IfXdp.OFFSET_CONSUMER);
        member(ours, "xdp_ring_offset, desc", IfXdp.OFFSET_DESC);
        member(ours, "xdp_ring_offset, flags", IfXdp.OFFSET_FLAGS);
        ours.put("sizeof(struct xdp_statistics)", (long) IfXdp.STATISTICS_BYTES);
        member(ours, "xdp_statistics, tx_invalid_descs", 16);
        member(ours, "xdp_statistics, tx_ring_empty_descs", 40);
        ours.put("sizeof(struct xdp_desc)", (long) IfXdp.DESC_BYTES);
        return ours;
    }

    private static void member(final Map<String, Long> ours, final String member, final int offset) {
        ours.put("offsetof(struct " + member + ")", (long) offset);
    }
}
