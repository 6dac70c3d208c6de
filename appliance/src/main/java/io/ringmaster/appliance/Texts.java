package io.ringmaster.appliance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Files of text, as packages have them. */
final class Texts {
    /** Where gzip says how hard it tried (RFC 1952, XFL), and that it did its best. */
    private static final int EFFORT_INDEX = 8;
    private static final byte BEST = 2;

    private static final String SNAPSHOT = "-SNAPSHOT";

    private Texts() {
    }

    /** A file and the folders that it needs. */
    static void write(final String text, final Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** The same by gzip -9. */
    static void compressed(final String text, final Path file) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        final byte[] compressed = bytes.toByteArray();
        compressed[EFFORT_INDEX] = BEST;
        Files.createDirectories(file.getParent());
        Files.write(file, compressed);
    }

    /** The version as jdeb makes it of Maven's: 0.1.0-SNAPSHOT is 0.1.0~20260101120000, in UTC. */
    static String debianVersion(final String version, final Instant built) {
        return version.endsWith(SNAPSHOT) ? version.substring(0, version.length() - SNAPSHOT.length()) + "~"
            + DateTimeFormatter.ofPattern("yyyyMMddHHmmss").format(built.atOffset(ZoneOffset.UTC)) : version;
    }

    /** A time as changelogs have it, like Thu, 01 Jan 2026 00:00:00 +0000. */
    static String rfc2822(final Instant time) {
        return DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT).format(
            time.atOffset(ZoneOffset.UTC));
    }

    /** A folder with all that is in it, if it is there. */
    static void delete(final Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        final List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (final Path file : files) {
            Files.delete(file);
        }
    }
}
