package io.ringmaster.control;

/**
 * What the client of a connection of a service of several ports or addresses asked for.
 *
 * @param protocol IP protocol number; 0 for the service's.
 * @param address  the address; null for the service's.
 * @param port     0 to 65,535.
 */
public record Wanted(int protocol, HostAddress address, int port) {
}
