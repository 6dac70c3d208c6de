package io.ringmaster.cli.launch;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies a jar and gives classes of before Java 6 (picocli's: version 49) the form of Java 8's. They do the same; but
 * the virtual machine keeps no class in its cache that it has to verify without stack maps (JVMS 4.10), and reading,
 * verifying and linking picocli anew made half of the time that a help text took.
 */
public final class ModernJar {
    /** Index in a class file of the lower byte of its version, behind the magic number and the minor version. */
    private static final int VERSION_INDEX = 7;

    private ModernJar() {
    }

    /** Copies the first file to the second. */
    public static void main(final String[] args) throws IOException {
        copy(Path.of(args[0]), Path.of(args[1]));
    }

    static void copy(final Path from, final Path to) throws IOException {
        try (ZipFile in = new ZipFile(from.toFile());
             OutputStream file = new BufferedOutputStream(Files.newOutputStream(to));
             ZipOutputStream out = new ZipOutputStream(file)) {
            final ClassFile format = ClassFile.of(ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(
                    ModernJar.class.getClassLoader()).orElse(ClassHierarchyResolver.defaultResolver())));
            for (final ZipEntry entry : Collections.list(in.entries())) {
                final byte[] bytes = in.getInputStream(entry).readAllBytes();
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(isOld(entry.getName(), bytes) ? modern(format, bytes) : bytes);
            }
        }
    }

    private static boolean isOld(final String name, final byte[] bytes) {
        return name.endsWith(".class") && bytes.length > VERSION_INDEX
            && bytes[VERSION_INDEX] < ClassFile.JAVA_6_VERSION;
    }

    /** Bodies are put together anew, since stack maps are made for such only. */
    private static byte[] modern(final ClassFile format, final byte[] bytes) {
        final CodeTransform anew = (code, element) -> code.with(element);
        return format.transformClass(format.parse(bytes), ClassTransform.transformingMethodBodies(anew)
            .andThen((type, element) -> {
                if (element instanceof ClassFileVersion) {
                    type.withVersion(ClassFile.JAVA_8_VERSION, 0);
                } else {
                    type.with(element);
                }
            }));
    }
}
