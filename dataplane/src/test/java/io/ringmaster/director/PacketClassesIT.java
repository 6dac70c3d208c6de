package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.demo.DemoNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A director that is ready has what its first packets need. */
class PacketClassesIT {
    @TempDir
    private Path folder;

    @Test
    void areLoadedBeforeTheFirstPacket() throws IOException {
        final Path log = folder.resolve("classes");
        try (Lab lab = Lab.withoutDirector(DemoNetwork.Options.defaults())) {
            lab.own(RunningDirector.startWith(lab.network(), List.of("-Xlog:class+load:file=" + log)));
            final List<String> loaded = Files.readAllLines(log);
            for (final String name : List.of("packet.Tcp", "packet.Ipv6Parser", "transmit.Masquerading",
                "transmit.IcmpErrors", "fragment.Reassembly", "scheduler.RoundRobin", "worker.IcmpPath")) {
                assertEquals(1, loaded.stream().filter(line -> line.contains(" io.ringmaster." + name + " ")).count(),
                    name);
            }
        }
    }
}
