package io.ringmaster.director;

import io.ringmaster.demo.DemoNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** An ordinary FTP server, vsftpd, on a real server of the demo network: anonymous, with a folder for uploads. */
final class FtpServer implements AutoCloseable {
    static final String PATH = "/usr/sbin/vsftpd";
    private final Process process;

    /**
     * Starts it.
     *
     * @param folder of its own: "root" in it is what clients see, with "pub" to write to.
     */
    FtpServer(final DemoNetwork network, final int server, final Path folder) throws IOException {
        final Path root = Files.createDirectories(folder.resolve("root"));
        final Path upload = Files.createDirectories(root.resolve("pub"));
        Files.createDirectories(folder.resolve("empty"));
        for (final Path path : List.of(folder, root, folder.resolve("empty"))) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        network.exec(network.realServer(server), "chown", "ftp", upload.toString());
        final Path settings = Files.write(folder.resolve("vsftpd.conf"), List.of("background=NO", "listen=NO",
            "listen_ipv6=YES", "anonymous_enable=YES", "no_anon_password=YES", "anon_root=" + root,
            "write_enable=YES", "anon_upload_enable=YES", "anon_umask=022", "connect_from_port_20=YES",
            "pasv_min_port=50000", "pasv_max_port=50999", "seccomp_sandbox=NO", "xferlog_enable=NO",
            "secure_chroot_dir=" + folder.resolve("empty"), "ftpd_banner=rs" + server));
        process = new ProcessBuilder(DemoNetwork.insideOf(network.realServer(server), PATH, settings.toString()))
            .redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
        if (!RunningDirector.await(() -> listens(network, server))) {
            close();
            throw new IllegalStateException("vsftpd does not listen: " + Files.readString(folder.resolve("log")));
        }
    }

    private static boolean listens(final DemoNetwork network, final int server) {
        return network.exec(network.realServer(server), "ss", "-Hltn", "sport = :21").contains(":21");
    }

    static Path root(final Path folder) {
        return folder.resolve("root");
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }
}
