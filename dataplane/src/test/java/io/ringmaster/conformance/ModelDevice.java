package io.ringmaster.conformance;

import io.ringmaster.control.Reply;
import io.ringmaster.director.ModelDirector;
import io.ringmaster.director.ModelDirector.Sent;
import java.util.List;

/** A director over fake rings, whose clock is set. */
record ModelDevice(ModelDirector director) implements Device {
    @Override
    public Reply run(final List<String> words, final String stdin) {
        return director.run(words, stdin);
    }

    @Override
    public void elapse(final long ms) {
        director.elapse(ms);
    }

    @Override
    public long lateSec() {
        return 0;
    }

    @Override
    public void receive(final int port, final byte[] frame) {
        director.receive(port, frame);
    }

    @Override
    public List<Sent> takeSent() {
        return director.takeSent();
    }
}
