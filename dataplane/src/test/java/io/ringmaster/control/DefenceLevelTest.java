package io.ringmaster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.service.Defence;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.Sysctls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which defence the settings ask for as the table fills. */
class DefenceLevelTest {
    private static final long CAPACITY = 8_192;

    private static Sysctls of(final Sysctl setting, final long value) {
        return Sysctls.DEFAULTS.with(setting, value);
    }

    @ParameterizedTest
    @CsvSource({"0, 8192, 0, false", "1, 0, 1, false", "1, 7168, 1, false", "1, 7169, 2, true", "1, 9000, 2, true",
        "2, 7169, 2, true", "2, 7168, 1, false", "3, 0, 3, true"})
    void modesFollowTheFreePartOfTheTable(final long mode, final long size, final long after, final boolean acts) {
        final Sysctls entry = DefenceLevel.of(of(Sysctl.DROP_ENTRY, mode), size, CAPACITY);
        assertEquals(after, entry.value(Sysctl.DROP_ENTRY));
        assertEquals(new Defence(0, acts, false), entry.defence());
        final Sysctls secure = DefenceLevel.of(of(Sysctl.SECURE_TCP, mode), size, CAPACITY);
        assertEquals(after, secure.value(Sysctl.SECURE_TCP));
        assertEquals(new Defence(0, false, acts), secure.defence());
    }

    @ParameterizedTest
    @CsvSource({"1, 7168, 0", "1, 7200, 32", "1, 7680, 2", "1, 8192, 1", "2, 9000, 1", "3, 0, 10", "0, 8192, 0"})
    void theLessIsFreeTheMorePacketsAreDropped(final long mode, final long size, final int rate) {
        assertEquals(rate, DefenceLevel.of(of(Sysctl.DROP_PACKET, mode), size, CAPACITY).defence().dropRate());
    }

    @Test
    void thresholdAndRateAreSettings() {
        final Sysctls half = of(Sysctl.AMEMTHRESH, 4096).with(Sysctl.DROP_ENTRY, 1);
        assertEquals(new Defence(0, false, false), DefenceLevel.of(half, 50, 100).defence());
        assertEquals(new Defence(0, true, false), DefenceLevel.of(half, 51, 100).defence());
        assertEquals(new Defence(0, false, false), DefenceLevel.of(of(Sysctl.AMEMTHRESH, 0)
            .with(Sysctl.DROP_ENTRY, 1), 100, 100).defence(), "never short");
        assertEquals(7, DefenceLevel.of(of(Sysctl.DROP_PACKET, 3).with(Sysctl.AM_DROPRATE, 7), 0, 100).defence()
            .dropRate());
    }
}
