/**
 * AF_XDP ring views, the frame pool and the ring between two of our threads: memory only, no system call.
 */
package io.ringmaster.ring;
