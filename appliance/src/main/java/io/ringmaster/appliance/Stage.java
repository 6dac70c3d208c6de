package io.ringmaster.appliance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Lays out what the package ringmaster holds. */
public final class Stage {
    private static final String PROGRAM = "usr/lib/ringmaster";
    private static final String DOCUMENTS = "usr/share/doc/ringmaster";

    private final Path project;
    private final Path root;
    private final Path program;
    private final Map<String, String> words;

    private Stage(final Path project, final Path root, final Map<String, String> words) {
        this.project = project;
        this.root = root;
        this.program = root.resolve(PROGRAM);
        this.words = words;
    }

    /**
     * Lays it out anew.
     *
     * @param args the project's folder, with dataplane/target/ringmaster.jar built; the folder to fill, beside which no
     *             package of an earlier build is left; the project's version; the time of the build (ISO 8601), which
     *             all files get: the caches of classes name the time of the jar.
     */
    public static void main(final String[] args) throws IOException {
        final Instant built = Instant.parse(args[3]);
        final Stage stage = new Stage(Path.of(args[0]).toRealPath(), Path.of(args[1]).toAbsolutePath(),
            Map.of("version", Texts.debianVersion(args[2], built), "date", Texts.rfc2822(built)));
        Texts.delete(stage.root);
        try (DirectoryStream<Path> packages = Files.newDirectoryStream(stage.root.getParent(), "*.deb")) {
            for (final Path earlier : packages) {
                Files.delete(earlier);
            }
        }
        stage.program();
        stage.times(built);
        stage.caches();
        stage.manual();
        stage.files();
        stage.times(built);
    }

    /** All but the caches. */
    private void program() throws IOException {
        Files.createDirectories(program.resolve("config"));
        final Path jar = project.resolve("dataplane/target/ringmaster.jar");
        RuntimeImage.make(jar, program.resolve("runtime"));
        Tools.program(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-cp", jar.toString(),
            "io.ringmaster.cli.launch.ModernJar", jar.toString(), program.resolve("ringmaster.jar").toString());
        Files.copy(project.resolve("config/inlining.txt"), program.resolve("config/inlining.txt"));
        Files.copy(project.resolve("ringmaster"), program.resolve("ringmaster"));
    }

    /** Made by the launcher, which knows the flags. That they are taken is tried. */
    private void caches() throws IOException {
        RuntimeImage.share(program.resolve("runtime"));
        ringmaster(Map.of("RINGMASTER_CACHES", program.toString()));
        Files.delete(program.resolve("log"));
        ringmaster(Map.of("RINGMASTER_AOT_MODE", "on"), "version");
    }

    private String ringmaster(final Map<String, String> environment, final String... args) {
        return Tools.program(environment,
            Stream.concat(Stream.of(program.resolve("ringmaster").toString()), Stream.of(args)).toList());
    }

    /** Man pages, and the completion of command lines. */
    private void manual() throws IOException {
        final Path manual = root.resolve("usr/share/man");
        ringmaster(Map.of(), "man", "--to", manual.toString());
        try (Stream<Path> pages = Files.walk(manual)) {
            for (final Path page : pages.filter(Files::isRegularFile).toList()) {
                Texts.compressed(Files.readString(page), page.resolveSibling(page.getFileName() + ".gz"));
                Files.delete(page);
            }
        }
        // It is read by shells, not run.
        Texts.write(ringmaster(Map.of(), "completion", "bash").replaceFirst("^#!.*\n", ""),
            root.resolve("usr/share/bash-completion/completions/ringmaster"));
        copy("zsh-completion", "usr/share/zsh/vendor-completions/_ringmaster");
    }

    private void files() throws IOException {
        final Path units = project.resolve("dataplane/src/main/packaging");
        Texts.write(Files.readString(units.resolve("systemd/ringmaster@.service")),
            root.resolve("usr/lib/systemd/system/ringmaster@.service"));
        for (final String kind : List.of("sysusers", "tmpfiles")) {
            Texts.write(Files.readString(units.resolve(kind).resolve("ringmaster.conf")),
                root.resolve("usr/lib/" + kind + ".d/ringmaster.conf"));
        }
        copy("director.yaml.example", "etc/ringmaster/director.yaml.example");
        copy("copyright", DOCUMENTS + "/copyright");
        copy("lintian-overrides", "usr/share/lintian/overrides/ringmaster");
        Texts.compressed(text("changelog"), root.resolve(DOCUMENTS + "/changelog.gz"));
    }

    private void copy(final String file, final String to) throws IOException {
        Texts.write(text(file), root.resolve(to));
    }

    private String text(final String file) throws IOException {
        String text = Files.readString(project.resolve("appliance/src/main/files").resolve(file));
        for (final Map.Entry<String, String> word : words.entrySet()) {
            text = text.replace("[[" + word.getKey() + "]]", word.getValue());
        }
        return text;
    }

    private void times(final Instant built) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.forEach(file -> {
                try {
                    Files.setLastModifiedTime(file, FileTime.from(built));
                } catch (final IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
