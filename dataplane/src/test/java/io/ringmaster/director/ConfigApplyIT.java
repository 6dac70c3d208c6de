package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Reply;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.LoadResult;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are applied while clients ask, and what a director has after it ended. */
class ConfigApplyIT {
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    private static final int APPLIES = 1_000;

    @TempDir
    private Path folder;
    private Lab lab;

    @BeforeEach
    void makeLab() {
        lab = Lab.withoutDirector(new DemoNetwork.Options(2, 4, 1, 1600));
    }

    @AfterEach
    void closeLab() {
        if (lab != null) {
            lab.close();
        }
    }

    private RunningDirector start(final String... options) {
        return RunningDirector.start(lab.network(), options);
    }

    private String file(final int weight, final int setting) {
        return "sysctls: {expire_nodest_conn: " + setting + "}\nservices:\n  - tcp: " + lab.vip(NAT)
            + ":80\n    scheduler: wrr\n    servers:\n      - {server: '" + lab.network().rip(1)
            + ":8080', method: nat, weight: 1}\n      - {server: '" + lab.network().rip(2)
            + ":8080', method: nat, weight: " + weight + "}\n";
    }

    private static Reply config(final RunningDirector director, final String stdin, final String... words) {
        final List<String> args = new ArrayList<>(List.of("config"));
        args.addAll(List.of(words));
        return ControlClient.ask(director.socket(), args, stdin);
    }

    /** The weight goes to 0 and back, and a setting that ends connections of removed real servers. */
    @Test
    void aThousandAppliesLoseNoConnection() throws Exception {
        lab.own(start());
        final RunningDirector director = lab.director();
        assertEquals(0, config(director, file(1, 0), "apply", "F").exit());
        long answered = 0;
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<LoadResult> load = threads.submit(() -> lab.http(NAT).get(200, 4, number -> 2_000));
            for (int i = 1; i <= APPLIES; i++) {
                final Reply reply = config(director, file(i % 3, i % 2), "apply", "F");
                assertEquals(0, reply.exit(), reply::err);
                if (load.isDone() || i == APPLIES) {
                    final LoadResult result = load.get();
                    assertEquals(List.of(), result.failures(), director::said);
                    answered += result.answered();
                    if (i < APPLIES) {
                        load = threads.submit(() -> lab.http(NAT).get(200, 4, number -> 2_000));
                    }
                }
            }
        }
        assertTrue(answered > 0, "there was traffic");
        lab.assertSound();
    }

    @Test
    void whatADirectorHasIsThereAfterItsEndAndAfterItWasKilled() throws IOException {
        final String state = folder.resolve("state.yaml").toString();
        final RunningDirector first = start("--state", state);
        final String shown;
        try (first) {
            assertEquals(0, config(first, file(3, 1), "apply", "F").exit());
            shown = config(first, "", "show", "--no-run").out();
        }
        try (RunningDirector second = start("--state", state)) {
            assertEquals(shown, config(second, "", "show", "--no-run").out());
            second.ipvsadm("-A", "-t", lab.vip(NAT) + ":81", "-s", "rr");
            assertTrue(RunningDirector.await(() -> read(state).contains(":81")), "saved while it runs");
            second.kill();
        }
        final Path config = Files.writeString(folder.resolve("config.yaml"), file(2, 0));
        try (RunningDirector third = start("--state", state)) {
            assertTrue(config(third, "", "show").out().contains(":81"), third::said);
        }
        try (RunningDirector fourth = start("--config", config.toString())) {
            assertEquals(0, config(fourth, file(2, 0), "diff", "F").exit());
            Files.writeString(config, file(5, 0));
            assertEquals(0, config(fourth, "", "reload").exit());
            assertEquals(0, config(fourth, file(5, 0), "diff", "F").exit());
            Files.writeString(config, file(6, 0));
            new ProcessBuilder("kill", "-HUP", Long.toString(fourth.process().pid())).start();
            assertTrue(RunningDirector.await(() -> config(fourth, file(6, 0), "diff", "F").exit() == 0),
                fourth::said);
        }
        Files.writeString(Path.of(state), read(state).replace("scheduler", "schedular"));
        final RunningDirector refused = RunningDirector.launch(lab.network().director(), List.of(), List.of("run",
            "--interface", DemoNetwork.FRONT, "--state", state));
        try (refused) {
            assertEquals(1, refused.awaitEnd(), refused::said);
            assertTrue(refused.said().contains("did you mean scheduler?"), refused::said);
        }
    }

    /** A file alone starts a director; what of it cannot change is refused while it runs. */
    @Test
    void aFileHasTheStartToo() throws IOException {
        final String start = "interfaces: [" + DemoNetwork.FRONT + ", " + DemoNetwork.BACK + "]\nrun:\n"
            + "  connections: 20k\n";
        final Path config = Files.writeString(folder.resolve("config.yaml"), start + file(1, 0));
        final String state = folder.resolve("state.yaml").toString();
        final RunningDirector director = RunningDirector.launch(lab.network().director(), List.of(),
            List.of("run", "--config", config.toString(), "--state", state, "--connections", "10k"));
        lab.own(director);
        director.awaitReady();
        assertEquals(List.of(), lab.http(NAT).get(6, 1, number -> 2_000).failures(), director::said);
        assertTrue(director.said().contains("connections of " + config + " is not taken"), director::said);
        assertEquals(0, config(director, "", "reload").exit());
        final String shown = config(director, "", "show").out();
        assertTrue(shown.startsWith("interfaces: [" + DemoNetwork.FRONT + ", " + DemoNetwork.BACK + "]\nrun:\n"
            + "  connections: 10000\n"), shown);
        assertEquals(new Reply(0, "", ""), config(director, shown, "apply", "F"));

        final String other = (start + file(3, 0)).replace("20k", "30k");
        for (final String verb : List.of("apply", "diff")) {
            final Reply refused = config(director, other, verb, "F");
            assertEquals(verb.equals("diff") ? 2 : 1, refused.exit());
            assertTrue(refused.err().contains("F, line 3, column 16: 'connections' is 30000 here and 10000 in the "
                + "running director"), refused::err);
        }
        Files.writeString(config, other);
        assertEquals(1, config(director, "", "reload").exit());
        assertEquals(shown, config(director, "", "show").out());
        final RunningDirector second = RunningDirector.launch(lab.network().director(), List.of(), List.of("run",
            "--interface", DemoNetwork.FRONT, "--state", state));
        try (second) {
            assertEquals(1, second.awaitEnd(), second::said);
            assertTrue(second.said().contains("Another director that is running saves its state"), second::said);
        }
    }

    /** A file that has nothing but interfaces leaves services to commands, whose work is there after a restart. */
    @Test
    void withInterfacesAloneWhatCommandsMadeIsSaved() throws IOException {
        final Path config = Files.writeString(folder.resolve("config.yaml"), "interfaces: [" + DemoNetwork.FRONT
            + ", " + DemoNetwork.BACK + "]\n");
        final List<String> words = List.of("run", "--config", config.toString(), "--state",
            folder.resolve("state.yaml").toString());
        final String rules;
        try (RunningDirector first = RunningDirector.launch(lab.network().director(), List.of(), words)) {
            first.awaitReady();
            first.ipvsadm("-A", "-t", lab.vip(NAT) + ":81", "-s", "rr");
            rules = first.ipvsadm("-Sn");
            assertEquals(0, config(first, "", "reload").exit());
            assertEquals(rules, first.ipvsadm("-Sn"));
        }
        try (RunningDirector second = RunningDirector.launch(lab.network().director(), List.of(), words)) {
            second.awaitReady();
            assertEquals(rules, second.ipvsadm("-Sn"));
        }
    }

    private static String read(final String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
