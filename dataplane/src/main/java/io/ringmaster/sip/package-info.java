/**
 * The SIP persistence engine ({@code ipvsadm --pe sip}): the Call-ID of a client's datagram, and the side tables in
 * which Call-IDs and the connections that they brought about are remembered (ip_vs_pe_sip.c, nf_conntrack_sip.c).
 */
package io.ringmaster.sip;
