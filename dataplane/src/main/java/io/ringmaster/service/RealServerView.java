package io.ringmaster.service;

/**
 * One real server of one virtual service as workers see it. Immutable.
 *
 * @param number         1 to 65,535: stands for (service, RIP, rport) in connection entries and in all counters.
 * @param service        the virtual service it belongs to; its replies leave with that service's address and port.
 * @param addressHigh    RIP, high long (see {@link io.ringmaster.packet.Addresses}).
 * @param addressLow     RIP, low long.
 * @param port           rport, 0 to 65,535; the service's own port except with masquerading.
 * @param method         how packets of new connections are forwarded.
 * @param weight         0 to 65,535; 0 takes no new connections.
 * @param lastWeight     the last weight that was not 0 (mh keeps its table by it); 0 if there never was one.
 * @param upperThreshold connections from which on it is overloaded; 0 for no limit.
 * @param lowerThreshold connections below which it is released again; 0 for three quarters of the upper one.
 * @param available      false once it was removed while connections still refer to it.
 * @param nextHop        where its packets go.
 */
public record RealServerView(int number, ServiceKey service, long addressHigh, long addressLow, int port,
                             ForwardingMethod method, int weight, int lastWeight, int upperThreshold,
                             int lowerThreshold, boolean available, NextHop nextHop) {
}
