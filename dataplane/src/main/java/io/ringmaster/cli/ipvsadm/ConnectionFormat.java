package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.HostAddress;

/** How a listing writes connections; used by the control thread. */
interface ConnectionFormat {
    /** The only persistence engine there is. */
    String ENGINE = "sip";

    /** What stands before the first row. */
    String title();

    /**
     * Writes one row.
     *
     * @param out        what to append it to.
     * @param protocol   IP protocol number; 0 for a template of a mark.
     * @param state      the kernel's word.
     * @param expireSec  seconds until it ends without a packet.
     * @param client     CIP and cport, 0 of a template.
     * @param wanted     what the client asked for: VIP and vport, or a mark in the form of an address.
     * @param realServer RIP and rport.
     * @param callId     what a template of persistence engine sip is known by beside its client; empty for none.
     */
    void row(StringBuilder out, int protocol, String state, long expireSec, End client, End wanted, End realServer,
             String callId);

    /** An address and a port, 0 to 65,535. */
    record End(HostAddress address, int port) {
    }
}
