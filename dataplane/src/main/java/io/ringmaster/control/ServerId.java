package io.ringmaster.control;

/**
 * What a rule knows a real server by, within its service.
 *
 * @param address RIP.
 * @param port    rport, 0 to 65,535.
 */
public record ServerId(HostAddress address, int port) {
}
