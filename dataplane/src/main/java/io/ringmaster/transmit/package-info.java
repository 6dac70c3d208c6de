/**
 * What is done to a packet on its way out: masquerading, direct routing, tunneling, ICMP errors, next hops.
 */
package io.ringmaster.transmit;
