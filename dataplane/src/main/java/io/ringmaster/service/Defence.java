package io.ringmaster.service;

/**
 * What is done against a flood at present, as the settings of drop_packet, drop_entry and secure_tcp and the room in
 * the connection table want it (ip_vs_ctl.c, update_defense_level). Immutable; made by the control thread.
 *
 * @param dropRate    one of so many packets that would make a connection is dropped; 0 for none.
 * @param dropEntries whether connections are dropped at random.
 * @param secureTcp   whether TCP states follow the stricter table.
 */
public record Defence(int dropRate, boolean dropEntries, boolean secureTcp) {
    /** Nothing. */
    public static final Defence NONE = new Defence(0, false, false);
}
