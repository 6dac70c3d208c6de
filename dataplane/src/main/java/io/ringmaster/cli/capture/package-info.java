/**
 * What {@code ringmaster capture} writes: lines like tcpdump's, JSON, and pcapng. It runs in the director on the thread
 * of its call.
 */
package io.ringmaster.cli.capture;
