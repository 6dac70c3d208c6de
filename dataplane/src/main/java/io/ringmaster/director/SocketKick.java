package io.ringmaster.director;

import io.ringmaster.worker.Kick;
import io.ringmaster.xdp.XdpSocket;

/** Wakes the kernel by system calls on a socket. Owned by the socket's worker. */
record SocketKick(XdpSocket socket) implements Kick {
    @Override
    public int transmit() {
        return socket.kickTransmit();
    }

    @Override
    public int receive() {
        return socket.kickReceive();
    }
}
