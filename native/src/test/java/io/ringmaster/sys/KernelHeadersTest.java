package io.ringmaster.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelHeadersTest {
    private static final List<String> HEADERS = List.of("errno.h", "fcntl.h", "poll.h", "sched.h", "sys/socket.h",
        "sys/mman.h", "sys/resource.h", "sys/ioctl.h", "linux/mman.h", "linux/if_packet.h", "linux/if_ether.h",
        "linux/capability.h", "linux/sockios.h", "time.h");

    @Test
    void numbersAndLayoutsAreTheKernels() throws Exception {
        CProgram.requireCompiler();
        final Map<String, Long> ours = constants();
        ours.putAll(errors());
        ours.putAll(structures());
        for (final Capability capability : Capability.values()) {
            ours.put(capability.name(), (long) capability.bit);
        }
        final Map<String, Long> real = CProgram.evaluate(HEADERS, ours.keySet());
        assertEquals("", CProgram.differences(ours, real));
        assertTrue(real.size() >= ours.size() - 3, "only few may be unknown to older headers: "
            + ours.keySet().stream().filter(name -> !real.containsKey(name)).toList());
    }

    private static Map<String, Long> constants() {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("O_RDONLY", Libc.O_RDONLY);
        ours.put("O_CLOEXEC", Libc.O_CLOEXEC);
        ours.put("POLLIN", Libc.POLLIN);
        ours.put("MSG_DONTWAIT+0", Libc.MSG_DONTWAIT);
        ours.put("MSG_TRUNC+0", Libc.MSG_TRUNC);
        ours.put("CLONE_NEWNET", NetworkNamespace.CLONE_NEWNET);
        ours.put("PROT_READ|PROT_WRITE", Mapping.PROT_READ_WRITE);
        ours.put("MAP_SHARED", Mapping.MAP_SHARED);
        ours.put("MAP_PRIVATE", Mapping.MAP_PRIVATE);
        ours.put("MAP_ANONYMOUS", Mapping.MAP_ANONYMOUS);
        ours.put("MAP_POPULATE", Mapping.MAP_POPULATE);
        ours.put("MAP_HUGETLB", Mapping.MAP_HUGETLB);
        ours.put("MAP_HUGE_2MB", Mapping.MAP_HUGE_2MB);
        ours.put("MADV_HUGEPAGE", Mapping.MADV_HUGEPAGE);
        ours.put("MADV_POPULATE_WRITE", Mapping.MADV_POPULATE_WRITE);
        ours.put("RLIMIT_MEMLOCK+0", LockedMemory.RLIMIT_MEMLOCK);
        ours.put("AF_PACKET", PacketSocket.AF_PACKET);
        ours.put("SOL_PACKET", PacketSocket.SOL_PACKET);
        ours.put("SOL_SOCKET", PacketSocket.SOL_SOCKET);
        ours.put("SO_RCVBUFFORCE", PacketSocket.SO_RCVBUFFORCE);
        ours.put("SIOCGSTAMPNS_OLD", PacketSocket.SIOCGSTAMPNS);
        ours.put("PACKET_STATISTICS", PacketSocket.PACKET_STATISTICS);
        ours.put("PACKET_IGNORE_OUTGOING", PacketSocket.PACKET_IGNORE_OUTGOING);
        ours.put("PACKET_HOST", PacketSocket.TO_HOST);
        ours.put("PACKET_BROADCAST", PacketSocket.BROADCAST);
        ours.put("PACKET_MULTICAST", PacketSocket.MULTICAST);
        ours.put("PACKET_OTHERHOST", PacketSocket.TO_OTHER_HOST);
        ours.put("PACKET_OUTGOING", PacketSocket.OUTGOING);
        ours.put("ETH_P_ALL", PacketSocket.ALL);
        final Map<String, Long> longs = new LinkedHashMap<>();
        ours.forEach((name, value) -> longs.put(name, value.longValue()));
        return longs;
    }

    private static Map<String, Long> structures() {
        return Map.of(
            "sizeof(struct sockaddr_ll)", (long) PacketSocket.ADDRESS_BYTES,
            "offsetof(struct sockaddr_ll, sll_protocol)", (long) PacketSocket.LL_PROTOCOL,
            "offsetof(struct sockaddr_ll, sll_ifindex)", (long) PacketSocket.LL_IFINDEX,
            "offsetof(struct sockaddr_ll, sll_pkttype)", (long) PacketSocket.LL_PKTTYPE,
            "sizeof(struct timespec)", 16L,
            "offsetof(struct tpacket_stats, tp_drops)", 4L,
            "sizeof(struct rlimit)", 16L,
            "offsetof(struct rlimit, rlim_max)", 8L,
            "sizeof(struct pollfd)", 8L,
            "offsetof(struct pollfd, events)", 4L);
    }

    private static Map<String, Long> errors() throws IllegalAccessException {
        final Map<String, Long> errors = new LinkedHashMap<>();
        for (final Field field : Errno.class.getFields()) {
            errors.put(field.getName(), (long) field.getInt(null));
            assertTrue(Errno.describe(field.getInt(null)).endsWith("(" + field.getName() + ")"), field.getName());
        }
        return errors;
    }
}
