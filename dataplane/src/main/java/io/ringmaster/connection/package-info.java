/**
 * The connection table shared by all workers, protocol states and expiry. The rules by which several threads write one
 * table are at the top of {@link io.ringmaster.connection.ConnectionTable}; what an entry is, in
 * {@link io.ringmaster.connection.ConnectionKey} and {@link io.ringmaster.connection.ConnectionValue}, of the wide form
 * (IPv6, services of all ports) in {@link io.ringmaster.connection.WideKey}.
 * <p>
 * What it costs in memory, everything counted ({@code ringmaster bench table}):
 * <pre>
 *   form     entry   line       bytes a connection   connections without a place at load 0.7
 *                               at load 0.7          filled          replaced one by one
 *   narrow   16 B    4 entries  22.9                 0 of 10 million  0 of 30 million
 *   wide     32 B    2 entries  45.7                 1 of 4 million   2 of a million
 * </pre>
 * Beside the slots: 128 bytes of cycle numbers for each worker and lister, and for each worker some objects of the heap
 * whose size does not depend on the table's. A process with 100 million connections grew by 2.2 GB. In a table in which
 * connections come and go for long, entries lie further from their home lines than in one that was filled once: at load
 * 0.7, 33 % of narrow entries are not in their home line instead of 11 %, of wide ones 53 % instead of 21 %; so more
 * room makes look-ups faster.
 */
package io.ringmaster.connection;
