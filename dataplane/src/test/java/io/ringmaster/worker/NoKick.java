package io.ringmaster.worker;

/** Kicks a socket that needs none: a fake one. */
final class NoKick implements Kick {
    @Override
    public int transmit() {
        return 0;
    }

    @Override
    public int receive() {
        return 0;
    }
}
