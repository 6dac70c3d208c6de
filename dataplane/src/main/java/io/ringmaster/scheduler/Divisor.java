package io.ringmaster.scheduler;

/** Weights as multiples of their greatest common divisor. */
final class Divisor {
    private Divisor() {
    }

    /** Greatest common divisor; that of 0 and n is n. */
    static int greatest(final int a, final int b) {
        int x = a;
        int y = b;
        while (y != 0) {
            final int rest = x % y;
            x = y;
            y = rest;
        }
        return x;
    }
}
