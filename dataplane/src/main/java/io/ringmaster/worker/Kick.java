package io.ringmaster.worker;

/** How a worker wakes the kernel for one socket; a fake in tests, a system call in life. */
public interface Kick {
    /** Tells the kernel to take frames from the transmit ring. Returns 0 or errno; throws and allocates nothing. */
    int transmit();

    /** Tells the kernel to look at the fill ring. Returns 0 or errno; throws and allocates nothing. */
    int receive();
}
