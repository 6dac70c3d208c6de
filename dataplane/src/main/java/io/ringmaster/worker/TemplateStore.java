package io.ringmaster.worker;

import io.ringmaster.service.ServiceKey;

/** Where the templates of {@link Templates} lie: a table of either form. Owned by one worker. */
interface TemplateStore {
    /**
     * Looks up a template; its value is the table's then.
     *
     * @param high client's masked address, high long (see {@link io.ringmaster.packet.Addresses}).
     * @param low  low long.
     * @param port 0, or {@link io.ringmaster.connection.TemplateValue#unusedPort}.
     * @return its slot, negative if there is none.
     */
    long findTemplate(long high, long low, int port, ServiceKey service, long nowMs);

    /** Puts a template into the table; its slot, negative if there is no room. */
    long insertTemplate(long high, long low, int port, ServiceKey service, long fresh, long nowMs);

    /** Bits of an address of the family: 32 or 128. */
    int addressBits();

    /** The high long of the mask of a prefix, 0 to {@link #addressBits} bits long. */
    long prefixHigh(int bits);

    /** The low long of the same. */
    long prefixLow(int bits);
}
