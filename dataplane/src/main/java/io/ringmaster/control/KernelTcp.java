package io.ringmaster.control;

/** The TCP states whose time-outs ipvsadm's --set changes, by the kernel's numbers (include/net/ip_vs.h). */
final class KernelTcp {
    static final int ESTABLISHED = 1;
    static final int FIN_WAIT = 4;

    private KernelTcp() {
    }
}
