package io.ringmaster.worker;

import static io.ringmaster.worker.Asking.end;
import static io.ringmaster.worker.Asking.tcp;
import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ringmaster.explain.Course;
import io.ringmaster.explain.Question;
import io.ringmaster.stats.Counter;
import org.junit.jupiter.api.Test;

/** What is told of FTP's connections, of which there is more than an entry: the side table's records come along. */
class ExplainedFtpTest {
    private static void leaves(final Course course, final Counter end, final String text) {
        assertEquals(end, course.end());
        assertEquals(text, Frames.text(course.sent().getFirst().frame()).replaceAll(".* tcp ", ""));
    }

    @Test
    void aWaitingDataConnectionIsToldAndStillWaits() {
        try (Story story = FtpTest.established()) {
            final TestDirector director = story.director;
            final Question.End client = end(FtpTest.CLIENT, 4444);
            final Question.End data = end(FtpTest.VIP, 51210);
            final Question.End server = end("10.2.0.11", 51210);
            FtpTest.through(story, FtpTest.client(4000, 21, ACK, 101, 501, "PASV\r\n"));
            FtpTest.through(story, FtpTest.server(21, 4000, ACK, 501, 107, FtpTest.REPLY));
            for (int i = 0; i < 2; i++) {
                leaves(tcp(director, client, data, SYN), Counter.SENT_TO_REAL_SERVER, "10.9.1.1:4444>10.2.0.11:51210");
            }
            assertFalse(Asking.ask(director, 6, client, end(FtpTest.VIP, 51211), SYN).taken());
            leaves(tcp(director, end(FtpTest.CLIENT, 4000), end(FtpTest.VIP, 21), ACK), Counter.SENT_TO_REAL_SERVER,
                "10.9.1.1:4000>10.2.0.11:21");
            leaves(tcp(director, end("10.2.0.11", 21), end(FtpTest.CLIENT, 4000), ACK), Counter.SENT_TO_CLIENT,
                "10.1.0.100:21>10.9.1.1:4000");

            FtpTest.through(story, FtpTest.client(4444, 51210, SYN, 1, 0, ""));
            leaves(tcp(director, server, client, SYN | ACK), Counter.SENT_TO_CLIENT, "10.1.0.100:51210>10.9.1.1:4444");
            leaves(tcp(director, client, data, ACK), Counter.SENT_TO_REAL_SERVER, "10.9.1.1:4444>10.2.0.11:51210");
            FtpTest.through(story, FtpTest.server(51210, 4444, SYN | ACK, 1, 2, ""));
            director.assertTableClean();
        }
    }
}
