/**
 * The control thread: the service table, commands, the socket they come by, next hops and the XDP maps.
 */
package io.ringmaster.control;
