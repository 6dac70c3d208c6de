/**
 * The connection table shared by all workers, protocol states and expiry. The rules by which several threads write one
 * table are at the top of {@link io.ringmaster.connection.ConnectionTable}; what an entry is, in
 * {@link io.ringmaster.connection.ConnectionKey} and {@link io.ringmaster.connection.ConnectionValue}.
 */
package io.ringmaster.connection;
