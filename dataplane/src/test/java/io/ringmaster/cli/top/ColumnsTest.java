package io.ringmaster.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ColumnsTest {
    private static final double[] RATES = {123_456, 1_234_567, 0.5, 99.94, 999_500};
    private static final Report.Row SERVER = new Report.Row(7, "[2001:db8:1234:5678:9abc:def0:1234:5678]:65535",
        "Route 65535", RATES, 1_999_999, 0, 0.5);

    @Test
    void amountsTakeFiveCharactersAtMost() {
        final String[] texts = {"0", "0.5", "1", "12.3", "99.9", "100", "999", "1.0k", "1.2k", "10k", "123k", "1.2M"};
        final double[] amounts = {0.01, 0.5, 1, 12.34, 99.94, 99.96, 999.4, 999.6, 1_234, 9_960, 123_456, 1_234_567};
        for (int i = 0; i < texts.length; i++) {
            assertEquals(texts[i], Columns.amount(amounts[i]));
        }
    }

    @Test
    void everyWidthHoldsItsLinesAndShowsTheShare() {
        for (int width = 60; width < 300; width++) {
            final Columns columns = new Columns(width);
            final String row = columns.row(SERVER, true);
            assertTrue(row.length() <= width, width + ": " + row);
            assertTrue(width < 72 || row.endsWith(" 50%"), width + ": " + row);
            assertTrue(columns.title().length() <= width);
        }
    }

    @Test
    void barsAreAsLongAsTheShareSays() {
        assertTrue(new Columns(80).row(SERVER, true).endsWith(" ###..  50%"));
        assertTrue(new Columns(300).row(SERVER, true).endsWith(" " + "#".repeat(15) + ".".repeat(15) + "  50%"));
    }
}
