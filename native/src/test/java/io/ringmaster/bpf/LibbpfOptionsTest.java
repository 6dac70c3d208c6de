package io.ringmaster.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.sys.TestNamespace;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks the C compiler where the fields of the structures are, and how the macros and constants are numbered. */
class LibbpfOptionsTest {
    private static final Map<String, StructLayout> STRUCTURES = Map.of(
        "struct bpf_object_open_opts", LibbpfOptions.OPEN,
        "struct bpf_link_create_opts", LibbpfOptions.LINK_CREATE,
        "struct bpf_test_run_opts", LibbpfOptions.TEST_RUN,
        "struct xdp_md", LibbpfOptions.XDP_MD, "struct bpf_tc_hook", LibbpfOptions.TC_HOOK,
        "struct bpf_tc_opts", LibbpfOptions.TC_OPTIONS);
    private static final Map<String, Integer> CONSTANTS = Map.of("BPF_XDP", XdpLink.ATTACH_XDP,
        "XDP_FLAGS_DRV_MODE", AttachMode.NATIVE.flag(), "XDP_FLAGS_SKB_MODE", AttachMode.GENERIC.flag(),
        "BPF_F_TEST_XDP_LIVE_FRAMES", TestRun.LIVE_FRAMES, "LIBBPF_WARN", LibbpfMessages.LEVEL_WARN);

    @Test
    void layoutsAreThoseOfTheHeaders(@TempDir final Path directory) throws Exception {
        final boolean headers = Files.exists(Path.of("/usr/include/bpf/libbpf.h"))
            && Files.exists(Path.of("/usr/bin/cc"));
        TestNamespace.requireHere(headers, "the headers of libbpf and a C compiler are needed (libbpf-dev, gcc)");
        final Map<String, Long> ours = new LinkedHashMap<>();
        final StringBuilder source = new StringBuilder("""
            #include <stdio.h>
            #include <stddef.h>
            #include <linux/if_link.h>
            #include <bpf/bpf.h>
            #include <bpf/libbpf.h>
            int main(void) {
            """);
        CONSTANTS.forEach((name, value) -> ask(source, ours, name, value));
        STRUCTURES.forEach((name, layout) -> {
            ask(source, ours, "sizeof(" + name + ")", layout.byteSize());
            layout.memberLayouts().stream().map(MemoryLayout::name).flatMap(Optional::stream)
                .forEach(field -> ask(source, ours, "offsetof(" + name + ", " + field + ")",
                    LibbpfOptions.offset(layout, field)));
        });
        final Path program = directory.resolve("layouts");
        final Path file = Files.writeString(directory.resolve("layouts.c"), source + "return 0;\n}\n");
        run("/usr/bin/cc", "-o", program.toString(), file.toString());
        final Map<String, Long> theirs = new LinkedHashMap<>();
        run(program.toString()).lines().forEach(line ->
            theirs.put(line.substring(0, line.indexOf('=')), Long.valueOf(line.substring(line.indexOf('=') + 1))));
        assertEquals(theirs, ours);
    }

    private static void ask(final StringBuilder source, final Map<String, Long> ours, final String expression,
                            final long value) {
        source.append("printf(\"%s=%ld\\n\", \"").append(expression).append("\", (long)(").append(expression)
            .append("));\n");
        ours.put(expression, value);
    }

    private static String run(final String... command) throws Exception {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
