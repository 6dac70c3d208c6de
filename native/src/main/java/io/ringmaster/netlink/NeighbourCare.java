package io.ringmaster.netlink;

/** Who keeps a neighbour's entry alive after {@link RouteNetlink#manageNeighbour}. */
public enum NeighbourCare {
    /** The kernel, by itself, about every five seconds (NTF_EXT_MANAGED, Linux 5.16). */
    MANAGED,
    /** The caller: the kernel was made to ask once and has to be told again about every five seconds. */
    REPEAT,
    /** The administrator set the entry by hand; it was left as it is. */
    PERMANENT
}
