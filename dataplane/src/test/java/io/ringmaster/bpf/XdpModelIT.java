package io.ringmaster.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.conformance.PlayedFrames;
import io.ringmaster.demo.Commands;
import io.ringmaster.demo.Namespaces;
import io.ringmaster.director.Needs;
import io.ringmaster.sys.Libc;
import io.ringmaster.sys.NetworkNamespace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The model of the XDP program against the program itself in the real kernel: every recording is played with both, told
 * the same, and each frame that comes in must mean the same to both.
 */
class XdpModelIT {
    @Test
    void decidesAsTheProgram() {
        Needs.root();
        final String namespace = Namespaces.nextPrefix() + "xdp";
        Namespaces.add(namespace);
        try {
            Commands.run("ip", "-n", namespace, "link", "add", "vec0", "index", "100", "type", "veth", "peer", "name",
                "vec1", "index", "101");
            final List<String> different = new ArrayList<>();
            final int frames = NetworkNamespace.call(namespace, () -> play(different));
            assertEquals(List.of(), different);
            assertTrue(frames > 5000, "only " + frames + " frames were judged");
        } finally {
            Commands.run("ip", "netns", "del", namespace);
        }
    }

    private static int play(final List<String> different) {
        final int[] sockets = {TwoDecisions.socket(), TwoDecisions.socket()};
        final int[] frames = new int[1];
        try {
            PlayedFrames.all((name, links) -> {
                final TwoDecisions both = new TwoDecisions(name, sockets, links, different);
                return new PlayedFrames.Play(both, () -> {
                    frames[0] += both.frames();
                    both.close();
                });
            });
        } finally {
            for (final int socket : sockets) {
                Libc.close(socket);
            }
        }
        return frames[0];
    }
}
