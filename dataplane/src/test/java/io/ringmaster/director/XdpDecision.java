package io.ringmaster.director;

import io.ringmaster.bpf.XdpMaps;
import io.ringmaster.bpf.XdpReason;

/** Which frames leave the kernel's path, by what the maps hold. */
public interface XdpDecision extends XdpMaps {
    /** What becomes of a frame that comes in by an interface, and why; every receive queue has a socket. */
    XdpReason director(int interfaceIndex, byte[] frame);
}
