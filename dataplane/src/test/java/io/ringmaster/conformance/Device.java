package io.ringmaster.conformance;

import io.ringmaster.control.Reply;
import io.ringmaster.director.ModelDirector.Sent;
import java.util.List;

/** A director that recordings are played to, and the time that goes by for it. Used by one thread. */
interface Device {
    /** Runs a command of {@code ringmaster}; the workers have taken it over then. */
    Reply run(List<String> words, String stdin);

    /** Lets time go by. */
    void elapse(long ms);

    /** Seconds, rounded up, that went by beyond those it was told to let go by: time-outs may be shorter by as much. */
    long lateSec();

    /** A frame comes in by an interface, whatever comes of it. */
    void receive(int port, byte[] frame);

    /** What left since the last call, other than because of a frame that was played. */
    List<Sent> takeSent();
}
