package io.ringmaster.bpf;

/** Where in the kernel an XDP program runs; flags of include/uapi/linux/if_link.h. */
public enum AttachMode {
    /** In the driver, before the kernel has made anything of the frame (XDP_FLAGS_DRV_MODE). */
    NATIVE(1 << 2),
    /** After the driver, on any interface, slower (XDP_FLAGS_SKB_MODE). */
    GENERIC(1 << 1);

    private final int flag;

    AttachMode(final int flag) {
        this.flag = flag;
    }

    int flag() {
        return flag;
    }

    /** The mode in the words of messages. */
    public String word() {
        return this == NATIVE ? "native" : "generic";
    }
}
