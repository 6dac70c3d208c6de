package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a source tree of its own, under a path with a space, with a JDK and a Maven that only pretend. */
class LauncherTest {
    @TempDir
    private Path folder;
    private Path root;
    private Path tools;

    @BeforeEach
    void pretend() throws IOException {
        root = Files.createDirectories(folder.resolve("a clone"));
        tools = Files.createDirectories(folder.resolve("tools"));
        Files.copy(Path.of(System.getProperty("basedir", "."), "..", "ringmaster"), root.resolve("ringmaster"));
        for (final String module : List.of("ringbuffers", "native", "dataplane")) {
            Files.createDirectories(root.resolve(module).resolve("src/main/java"));
            Files.writeString(root.resolve(module).resolve("pom.xml"), "");
        }
        Files.writeString(root.resolve("pom.xml"), "");
        final Path jdk = folder.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"25.0.3\"\n");
        script(jdk.resolve("bin/java"), "case \"$*\" in *TrainingRun*) echo x >>'" + folder.resolve("trained")
            + "'; [ ! -e '" + folder.resolve("cacheable") + "' ] || { echo cache >\"${1#*=}\"; exit; } ;; esac; "
            + "echo \"program=${RINGMASTER_PROGRAM:-} launcher=$RINGMASTER_LAUNCHER\"; "
            + "for word in \"$@\"; do echo \"<$word>\"; done; exit 7");
        script(jdk.resolve("bin/javac"), "exit 1");
        script(jdk.resolve("bin/jar"), "[ \"$(cat \"$3\")\" = whole ]");
        script(tools.resolve("mvn"), "echo \"$JAVA_HOME $*\" >>'" + folder.resolve("builds") + "'; sleep 0.2; "
            + "mkdir -p dataplane/target bench/target; echo whole | tee dataplane/target/ringmaster.jar "
            + ">bench/target/bench.jar");
    }

    @Test
    void buildsOnFirstUseAndHandsOverAllWordsAndTheExitCode() throws Exception {
        final Result result = launch(root.resolve("ringmaster"), "version", "two words");
        assertEquals(7, result.exitCode);
        assertTrue(result.output.contains("ringmaster: building (first use)"), result.output);
        assertTrue(result.output.endsWith("<-cp>\n<" + root.toRealPath()
            + "/dataplane/target/launch/ringmaster.jar>\n<io.ringmaster.cli.Main>\n<version>\n<two words>\n"),
            result.output);
        assertTrue(result.output.contains("launcher=" + root.toRealPath() + "/ringmaster"), result.output);
        assertEquals(1, builds());
    }

    @Test
    void buildsAgainOnlyWhenSourcesChanged() throws Exception {
        launch(root.resolve("ringmaster"));
        final Result second = launch(root.resolve("ringmaster"));
        assertFalse(second.output.contains("building"), second.output);
        assertEquals(1, builds());
        final Path source = root.resolve("native/src/main/java/New.java");
        Files.writeString(source, "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));
        final Result third = launch(root.resolve("ringmaster"));
        assertTrue(third.output.contains("building (sources changed)"), third.output);
        assertEquals(2, builds());
    }

    @Test
    void takesAJarThatMavenHasBuiltUnlessItIsHalfWritten() throws Exception {
        Files.createDirectories(root.resolve("dataplane/target"));
        Files.writeString(root.resolve("dataplane/target/ringmaster.jar"), "whole\n");
        assertEquals(7, launch(root.resolve("ringmaster")).exitCode);
        assertFalse(Files.exists(folder.resolve("builds")));
        Files.delete(root.resolve("dataplane/target/launch/ringmaster.jar"));
        Files.writeString(root.resolve("dataplane/target/ringmaster.jar"), "who");
        assertEquals(7, launch(root.resolve("ringmaster")).exitCode);
        assertEquals(1, builds());
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        final Process first = start(root.resolve("ringmaster"));
        final Process second = start(root.resolve("ringmaster"));
        assertEquals(7, finish(first).exitCode);
        assertEquals(7, finish(second).exitCode);
        assertEquals(1, builds());
    }

    @Test
    void aLinkTellsTheProgramsName() throws Exception {
        final Path link = Files.createSymbolicLink(tools.resolve("ipvsadm-save"), root.resolve("ringmaster"));
        final Result result = launch(link, "-n");
        assertTrue(result.output.contains("program=ipvsadm-save "), result.output);
        assertFalse(launch(root.resolve("ringmaster"), "ipvsadm").output.contains("program=ringmaster"));
    }

    @Test
    void closedStreamsAreEmptyOnes() throws Exception {
        final Path streams = folder.resolve("streams");
        script(folder.resolve("jdk/bin/java"), "is=$(readlink /proc/$$/fd/0 /proc/$$/fd/1); echo \"$is\" >'" + streams
            + "'; exit 7");
        script(tools.resolve("closed"), "exec '" + root.resolve("ringmaster") + "' version <&- >&-");
        assertEquals(7, launch(tools.resolve("closed")).exitCode);
        assertEquals("/dev/null\n/dev/null\n", Files.readString(streams));
    }

    @Test
    void theDirectorsHeapIsFixed() throws Exception {
        final String output = launch(root.resolve("ringmaster"), "run").output;
        assertTrue(output.contains("<-Xms128m>\n<-Xmx1g>"), output);
        assertTrue(launch(root.resolve("ringmaster"), "--socket", "x", "run").output.contains("<-Xmx1g>"));
        assertTrue(launch(root.resolve("ringmaster"), "run", "--help").output.contains("<-XX:TieredStopAtLevel=1>"));
        assertTrue(launch(root.resolve("ringmaster"), "ipvsadm").output.contains("<-XX:TieredStopAtLevel=1>"));
    }

    @Test
    void aCacheOfClassesIsMadeOnceForEachBuild() throws Exception {
        Files.writeString(folder.resolve("cacheable"), "");
        final String first = launch(root.resolve("ringmaster"), "ipvsadm").output;
        assertTrue(first.contains("<-XX:AOTCache=" + root.toRealPath() + "/dataplane/target/launch/short-"), first);
        assertTrue(launch(root.resolve("ringmaster"), "drops").output.contains("<-XX:AOTCache="));
        assertFalse(launch(root.resolve("ringmaster"), "run").output.contains("<-XX:AOTCache="));
        assertEquals(1, trainings());
        final Path source = root.resolve("native/src/main/java/New.java");
        Files.writeString(source, "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));
        launch(root.resolve("ringmaster"), "drops");
        assertEquals(2, trainings());
    }

    @Test
    void withoutACacheCommandsRunAsWell() throws Exception {
        final Result first = launch(root.resolve("ringmaster"), "ipvsadm");
        assertEquals(7, first.exitCode);
        assertFalse(first.output.contains("AOTCache"), first.output);
        assertEquals(7, launch(root.resolve("ringmaster"), "ipvsadm").exitCode);
        assertEquals(1, trainings(), "what did not work is not tried each time");
    }

    @Test
    void measurementsAreBuiltApartAndRunAsTheDirectorDoes() throws Exception {
        final String output = launch(root.resolve("ringmaster"), "bench", "pipeline").output;
        assertTrue(output.endsWith("/bench/target/launch/bench.jar>\n<bench>\n<pipeline>\n"), output);
        assertTrue(output.contains("<-XX:+AlwaysPreTouch>"), output);
        assertTrue(Files.readString(folder.resolve("builds")).contains("-pl bench -am"));
        assertFalse(launch(root.resolve("ringmaster"), "bench").output.contains("building"));
        assertTrue(launch(root.resolve("ringmaster"), "version").output.contains("dataplane/target/launch"));
    }

    @Test
    void aPackageRunsWhatLiesBesideIt() throws Exception {
        final Path program = Files.createDirectories(folder.resolve("usr/lib/ringmaster"));
        Files.copy(root.resolve("ringmaster"), program.resolve("ringmaster"));
        Files.copy(folder.resolve("jdk/bin/java"), Files.createDirectories(program.resolve("runtime/bin"))
            .resolve("java"));
        Files.writeString(program.resolve("ringmaster.jar"), "");
        Files.writeString(program.resolve("short.aot"), "cache");
        Files.writeString(program.resolve("run.jsa"), "classes");
        final Path link = Files.createSymbolicLink(tools.resolve("ipvsadm"), program.resolve("ringmaster"));
        final String output = launch(link, "-Ln").output;
        assertTrue(output.contains("<-XX:AOTCache=" + program.toRealPath() + "/short.aot>"), output);
        assertTrue(output.endsWith("<-cp>\n<" + program.toRealPath() + "/ringmaster.jar>\n<io.ringmaster.cli.Main>\n"
            + "<-Ln>\n"), output);
        final String run = launch(program.resolve("ringmaster"), "run").output;
        assertTrue(run.contains("<-XX:SharedArchiveFile=" + program.toRealPath() + "/run.jsa>"), run);
        assertTrue(run.endsWith("<-jar>\n<" + program.toRealPath() + "/ringmaster.jar>\n<run>\n"), run);
        assertFalse(Files.exists(folder.resolve("builds")));
    }

    @Test
    void closedDescriptorsAreGivenToNoFile() throws Exception {
        launch(root.resolve("ringmaster"), "version");
        final Path seen = folder.resolve("seen");
        script(folder.resolve("jdk/bin/java"), "files=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2); "
            + "echo \"$files\" >'" + seen + "'");
        final Path launcher = root.resolve("ringmaster");
        for (final String line : List.of("run --interface eth0", "ipvsadm -R")) {
            launch(Path.of("/bin/sh"), "-c", "exec \"$0\" " + line + " <&- >&- 2>&-", launcher.toString());
            assertEquals("/dev/null\n".repeat(3), Files.readString(seen), line);
            Files.delete(seen);
        }
    }

    @Test
    void aFailedBuildShowsItsEndAndLeavesNothing() throws Exception {
        script(tools.resolve("mvn"), "echo 'cannot find symbol'; exit 1");
        final Result result = launch(root.resolve("ringmaster"));
        assertEquals(1, result.exitCode);
        assertTrue(result.output.contains("cannot find symbol\nringmaster: the build failed; all of what Maven said"),
            result.output);
        assertFalse(Files.exists(root.resolve("dataplane/target/launch/ringmaster.jar")));
    }

    @Test
    void anOlderJdkIsNotTaken() throws Exception {
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"24.0.1\"\n");
        final Result result = launch(root.resolve("ringmaster"));
        assertFalse(result.output.contains("launcher="), "the pretended JDK 24 was taken: " + result.output);
    }

    private record Result(int exitCode, String output) {
    }

    private Result launch(final Path program, final String... words) throws Exception {
        return finish(start(program, words));
    }

    private Process start(final Path program, final String... words) throws IOException {
        final List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        builder.environment().remove("RINGMASTER_PROGRAM");
        return builder.start();
    }

    private static Result finish(final Process process) throws Exception {
        process.getOutputStream().close();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the launcher hangs");
        return new Result(process.exitValue(), output);
    }

    private long builds() throws IOException {
        return Files.readAllLines(folder.resolve("builds")).size();
    }

    private long trainings() throws IOException {
        return Files.readAllLines(folder.resolve("trained")).size();
    }

    private static void script(final Path file, final String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
