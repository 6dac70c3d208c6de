package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * Option structures of libbpf 1.1. Each begins with its own size, by which an older or newer library knows which fields
 * are there; fields that this product leaves zero are only named where they have a place between others.
 */
final class LibbpfOptions {
    /** struct bpf_object_open_opts of bpf/libbpf.h. */
    static final StructLayout OPEN = MemoryLayout.structLayout(
        JAVA_LONG.withName("sz"),
        ADDRESS.withName("object_name"),
        MemoryLayout.paddingLayout(8).withName("relaxed_maps"),
        ADDRESS.withName("pin_root_path"),
        MemoryLayout.paddingLayout(8),
        ADDRESS.withName("kconfig"),
        ADDRESS.withName("btf_custom_path"),
        ADDRESS.withName("kernel_log_buf"),
        JAVA_LONG.withName("kernel_log_size"),
        JAVA_INT.withName("kernel_log_level"),
        MemoryLayout.paddingLayout(4));

    /** struct bpf_link_create_opts of bpf/bpf.h; the union at its end is of no use to XDP. */
    static final StructLayout LINK_CREATE = MemoryLayout.structLayout(
        JAVA_LONG.withName("sz"),
        JAVA_INT.withName("flags"),
        MemoryLayout.paddingLayout(4),
        ADDRESS.withName("iter_info"),
        JAVA_INT.withName("iter_info_len"),
        JAVA_INT.withName("target_btf_id"),
        MemoryLayout.paddingLayout(32));

    /** struct bpf_test_run_opts of bpf/bpf.h. */
    static final StructLayout TEST_RUN = MemoryLayout.structLayout(
        JAVA_LONG.withName("sz"),
        ADDRESS.withName("data_in"),
        ADDRESS.withName("data_out"),
        JAVA_INT.withName("data_size_in"),
        JAVA_INT.withName("data_size_out"),
        ADDRESS.withName("ctx_in"),
        ADDRESS.withName("ctx_out"),
        JAVA_INT.withName("ctx_size_in"),
        JAVA_INT.withName("ctx_size_out"),
        JAVA_INT.withName("retval"),
        JAVA_INT.withName("repeat"),
        JAVA_INT.withName("duration"),
        JAVA_INT.withName("flags"),
        JAVA_INT.withName("cpu"),
        JAVA_INT.withName("batch_size"));

    /** struct xdp_md of include/uapi/linux/bpf.h. */
    static final StructLayout XDP_MD = MemoryLayout.structLayout(
        JAVA_INT.withName("data"),
        JAVA_INT.withName("data_end"),
        JAVA_INT.withName("data_meta"),
        JAVA_INT.withName("ingress_ifindex"),
        JAVA_INT.withName("rx_queue_index"),
        JAVA_INT.withName("egress_ifindex"));

    /** struct bpf_tc_hook of bpf/libbpf.h. */
    static final StructLayout TC_HOOK = MemoryLayout.structLayout(
        JAVA_LONG.withName("sz"),
        JAVA_INT.withName("ifindex"),
        JAVA_INT.withName("attach_point"),
        JAVA_INT.withName("parent"),
        MemoryLayout.paddingLayout(4));

    /** struct bpf_tc_opts of bpf/libbpf.h. */
    static final StructLayout TC_OPTIONS = MemoryLayout.structLayout(
        JAVA_LONG.withName("sz"),
        JAVA_INT.withName("prog_fd"),
        JAVA_INT.withName("flags"),
        JAVA_INT.withName("prog_id"),
        JAVA_INT.withName("handle"),
        JAVA_INT.withName("priority"),
        MemoryLayout.paddingLayout(4));

    private LibbpfOptions() {
    }

    /** A zeroed structure that tells its size. */
    static MemorySegment allocate(final Arena arena, final StructLayout layout) {
        final MemorySegment options = arena.allocate(layout);
        options.set(JAVA_LONG, 0, layout.byteSize());
        return options;
    }

    /** Bytes from the start of a structure to one of its fields. */
    static long offset(final StructLayout layout, final String field) {
        return layout.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }
}
