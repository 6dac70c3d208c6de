package io.ringmaster.cli.capture;

import io.ringmaster.capture.Capture;
import io.ringmaster.verb.Call;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** One form of output of a capture; used by the thread of its call. */
public interface CaptureOutput extends Capture.Reader {
    /** Keeps a record until {@link #send}. */
    @Override
    void onRecord(MemorySegment memory, long offset, int lengthBytes);

    /** Gives the client what was kept; waits while it takes no more. */
    void send(Call call) throws IOException;

    /** Keeps what stands behind the last record: nothing, unless said otherwise. */
    default void end(final Capture capture) {
    }
}
