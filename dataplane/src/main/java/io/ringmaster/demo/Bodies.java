package io.ringmaster.demo;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/** The bodies that servers send: the beginning of one fixed noise, so that both sides know every size's hash. */
final class Bodies {
    /** The largest body, in bytes. */
    static final int LARGEST = 10_000_000;
    private static final byte[] NOISE = noise();
    private static final Map<Integer, String> HASHES = new ConcurrentHashMap<>();

    private Bodies() {
    }

    private static byte[] noise() {
        final byte[] noise = new byte[LARGEST];
        new SplittableRandom(LARGEST).nextBytes(noise);
        return noise;
    }

    /** The noise; bodies begin at its first byte. Not to be changed. */
    static byte[] bytes() {
        return NOISE;
    }

    /** SHA-256 of the body of a size. */
    static String hash(final int sizeBytes) {
        return HASHES.computeIfAbsent(sizeBytes, size -> {
            final MessageDigest digest = sha256();
            digest.update(NOISE, 0, size);
            return HexFormat.of().formatHex(digest.digest());
        });
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
