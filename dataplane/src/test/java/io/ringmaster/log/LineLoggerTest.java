package io.ringmaster.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineLoggerTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private System.Logger logger(final boolean journal) {
        return new LineLogger("io.ringmaster.test", journal, new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private String said() {
        final String text = said.toString(StandardCharsets.UTF_8);
        said.reset();
        return text;
    }

    @Test
    void linesForJournaldBeginWithTheirPriority() {
        logger(true).log(Level.INFO, "news");
        logger(true).log(Level.WARNING, "careful");
        logger(true).log(Level.ERROR, "broken");
        assertEquals("<6>news\n<4>careful\n<3>broken\n", said());
    }

    @Test
    void linesForOthersSayWhatIsWorseThanNews() {
        logger(false).log(Level.INFO, "{0} of {1}", 1, 2);
        logger(false).log(Level.WARNING, "careful");
        logger(false).log(Level.DEBUG, "nothing");
        assertEquals("1 of 2\nwarning: careful\n", said());
    }

    @Test
    void anExceptionIsOnTheSameLine() {
        logger(true).log(Level.ERROR, "a command failed", new IllegalStateException("two\nlines",
            new IllegalArgumentException("the cause")));
        final String line = said();
        assertEquals(1, line.lines().count(), line);
        assertTrue(line.startsWith("<3>a command failed: java.lang.IllegalStateException: two lines at "
            + "LineLoggerTest.java:"), line);
        assertTrue(line.contains(", because of java.lang.IllegalArgumentException: the cause at "), line);
    }

    @Test
    void itIsTheLoggerOfTheProgram() {
        assertInstanceOf(LineLogger.class, new LineLoggerFinder().getLogger("x", getClass().getModule()));
        assertEquals(LineLoggerFinder.class, System.LoggerFinder.getLoggerFinder().getClass());
    }
}
