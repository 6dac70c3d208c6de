/**
 * The data plane's threads: the duty cycle of a worker and the way of one packet through it.
 */
package io.ringmaster.worker;
