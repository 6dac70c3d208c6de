package io.ringmaster.sys;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void kernelVersionsAreReadAndCompared() {
        assertEquals(new KernelVersion(6, 18), KernelVersion.parse("6.18.44-fc-v657\n"));
        assertEquals(new KernelVersion(5, 4), KernelVersion.parse("5.4"));
        assertTrue(new KernelVersion(6, 1).atLeast(5, 10));
        assertTrue(new KernelVersion(5, 10).atLeast(5, 10));
        assertFalse(new KernelVersion(5, 9).atLeast(5, 10));
        assertThrows(IllegalArgumentException.class, () -> KernelVersion.parse("Darwin"));
        assertDoesNotThrow(KernelVersion::requireOldest);
        assertEquals("This kernel is 5.4, and Ringmaster needs Linux 5.10 or newer.",
            assertThrows(IllegalStateException.class, () -> new KernelVersion(5, 4).require(KernelVersion.OLDEST))
                .getMessage());
    }

    @Test
    void missingCapabilitiesAreNamed() {
        final long rawOnly = 1L << 13;
        assertNull(Capability.refusal("To run", rawOnly, Capability.CAP_NET_RAW));
        assertEquals("To run this process needs CAP_NET_ADMIN, CAP_BPF, which it does not have; run it as root, or "
            + "give it these (systemd: AmbientCapabilities=).",
            Capability.refusal("To run", rawOnly, Capability.CAP_NET_ADMIN, Capability.CAP_NET_RAW,
                Capability.CAP_BPF));
        assertNull(Capability.refusal("To run", 1L << 21, Capability.CAP_BPF), "CAP_SYS_ADMIN includes it");
        assertFalse(Capability.CAP_NET_RAW.heldIn(0));
    }

    @Test
    void tooLittleLockedMemoryIsToldInASentence() {
        assertDoesNotThrow(() -> LockedMemory.requireWithin(LockedMemory.UNLIMITED, Long.MAX_VALUE, "all"));
        assertDoesNotThrow(() -> LockedMemory.requireWithin(1 << 20, 1 << 20, "a megabyte"));
        assertEquals("Could not pin the packets: it takes 16384 KB of locked memory and this process may lock 64 KB;"
            + " raise it with \"ulimit -l 16384\" (systemd: LimitMEMLOCK) or grant CAP_IPC_LOCK.",
            assertThrows(IllegalStateException.class,
                () -> LockedMemory.requireWithin(64 << 10, 16 << 20, "the packets")).getMessage());
        final long before = LockedMemory.limitBytes();
        final long after = LockedMemory.raise();
        assertTrue(after == LockedMemory.UNLIMITED || after >= before, before + " -> " + after);
    }

    @Test
    void aThreadIsPinnedAndSetFree() {
        final BitSet before = CpuAffinity.ofThisThread();
        final int last = before.length() - 1;
        try {
            CpuAffinity.pinThisThread(last);
            assertEquals(BitSet.valueOf(new long[]{1L << last}), CpuAffinity.ofThisThread());
            assertEquals(before, CpuAffinity.allowed(), "the process still has them all");
        } finally {
            CpuAffinity.setThisThread(before);
        }
        assertEquals(before, CpuAffinity.ofThisThread());
    }

    @Test
    void aCoreThatDoesNotExistIsRefused() {
        for (final int cpu : new int[]{-1, 8191, 100_000}) {
            final String told = assertThrows(IllegalArgumentException.class,
                () -> CpuAffinity.pinThisThread(cpu)).getMessage();
            assertTrue(told.startsWith("Core " + cpu + " does not exist"), told);
        }
        final BitSet some = new BitSet();
        assertEquals("cores none", CpuAffinity.describe(some));
        some.set(0, 4);
        assertEquals("cores 0-3", CpuAffinity.describe(some));
        some.set(8);
        assertEquals("cores 0-3,8", CpuAffinity.describe(some));
        some.clear(0, 4);
        assertEquals("core 8", CpuAffinity.describe(some));
    }
}
