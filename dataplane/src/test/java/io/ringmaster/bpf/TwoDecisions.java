package io.ringmaster.bpf;

import io.ringmaster.director.XdpDecision;
import io.ringmaster.director.XdpModel;
import io.ringmaster.sys.Libc;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/** The program in the kernel and its model, told the same; where they decide otherwise, that is noted. */
final class TwoDecisions implements XdpDecision, AutoCloseable {
    private static final int AF_XDP = 44;
    private static final int SOCK_RAW = 3;
    private static final int SOL_XDP = 283;
    private static final int XDP_RX_RING = 2;
    private static final int FIRST_INTERFACE = 100;

    private final String name;
    private final List<String> different;
    private final XdpModel model;
    private final DirectorProgram program;
    private Map<String, Long> counters;
    private int frames;

    TwoDecisions(final String name, final int[] sockets, final int links, final List<String> different) {
        this.name = name;
        this.different = different;
        program = DirectorProgram.load(1);
        model = new XdpModel(program.dataPorts());
        for (int i = 0; i < links; i++) {
            program.setSocket(FIRST_INTERFACE + i, 0, sockets[i]);
        }
        counters = program.counters();
    }

    /** An AF_XDP socket that is bound to nothing: enough for the program to redirect to. */
    static int socket() {
        final int fd = Libc.socket(AF_XDP, SOCK_RAW | Libc.O_CLOEXEC, 0);
        if (fd < 0 || Libc.setsockopt(fd, SOL_XDP, XDP_RX_RING, 64) < 0) {
            throw new IllegalStateException("An AF_XDP socket could not be made: " + fd);
        }
        return fd;
    }

    int frames() {
        return frames;
    }

    @Override
    public XdpReason director(final int interfaceIndex, final byte[] frame) {
        final XdpReason modelled = model.director(interfaceIndex, frame);
        program.verdict(interfaceIndex, 0, frame);
        final Map<String, Long> after = program.counters();
        for (final XdpReason reason : XdpReason.values()) {
            if (!after.get(reason.word()).equals(counters.get(reason.word())) && reason != modelled) {
                different.add(name + ": frame " + frames + " is " + reason + ", by the model " + modelled);
            }
        }
        if (after.equals(counters)) {
            different.add(name + ": frame " + frames + " was not counted, by the model it is " + modelled);
        }
        counters = after;
        frames++;
        return modelled;
    }

    @Override
    public MemorySegment dataPorts() {
        return program.dataPorts();
    }

    @Override
    public void addMac(final int interfaceIndex, final long mac48) {
        model.addMac(interfaceIndex, mac48);
        program.addMac(interfaceIndex, mac48);
    }

    @Override
    public void removeMac(final int interfaceIndex, final long mac48) {
        model.removeMac(interfaceIndex, mac48);
        program.removeMac(interfaceIndex, mac48);
    }

    @Override
    public void addService(final int protocol, final long vipHigh, final long vipLow, final int vport) {
        model.addService(protocol, vipHigh, vipLow, vport);
        program.addService(protocol, vipHigh, vipLow, vport);
    }

    @Override
    public void removeService(final int protocol, final long vipHigh, final long vipLow, final int vport) {
        model.removeService(protocol, vipHigh, vipLow, vport);
        program.removeService(protocol, vipHigh, vipLow, vport);
    }

    @Override
    public void addReply(final int protocol, final long ripHigh, final long ripLow, final int rport) {
        model.addReply(protocol, ripHigh, ripLow, rport);
        program.addReply(protocol, ripHigh, ripLow, rport);
    }

    @Override
    public void removeReply(final int protocol, final long ripHigh, final long ripLow, final int rport) {
        model.removeReply(protocol, ripHigh, ripLow, rport);
        program.removeReply(protocol, ripHigh, ripLow, rport);
    }

    @Override
    public void addLocalAddress(final long high, final long low) {
        model.addLocalAddress(high, low);
        program.addLocalAddress(high, low);
    }

    @Override
    public void removeLocalAddress(final long high, final long low) {
        model.removeLocalAddress(high, low);
        program.removeLocalAddress(high, low);
    }

    @Override
    public void addTunnelServer(final long ripHigh, final long ripLow) {
        model.addTunnelServer(ripHigh, ripLow);
        program.addTunnelServer(ripHigh, ripLow);
    }

    @Override
    public void addMark(final MarkFilter filter) {
        model.addMark(filter);
        program.addMark(filter);
    }

    @Override
    public void removeMark(final MarkFilter filter) {
        model.removeMark(filter);
        program.removeMark(filter);
    }

    @Override
    public void removeTunnelServer(final long ripHigh, final long ripLow) {
        model.removeTunnelServer(ripHigh, ripLow);
        program.removeTunnelServer(ripHigh, ripLow);
    }

    @Override
    public void close() {
        program.close();
    }
}
