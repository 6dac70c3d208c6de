package io.ringmaster.explain;

import io.ringmaster.bpf.XdpReason;
import java.util.Optional;

/** Says whether a frame would leave the kernel's path for a worker. Any thread. */
@FunctionalInterface
public interface Judge {
    /**
     * What the XDP program does with a frame as its maps are now; nothing happens, and nothing is counted.
     *
     * @param interfaceIndex the kernel's number of the interface that it would come in by.
     * @param frame          from its Ethernet header on.
     * @return empty if this kernel cannot be asked.
     */
    Optional<XdpReason> judge(int interfaceIndex, byte[] frame);
}
