/**
 * The connection table shared by all workers, protocol states and expiry.
 */
package io.ringmaster.connection;
