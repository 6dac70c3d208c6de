/**
 * Puts the director together: every setting checked once, every agent started and stopped.
 */
package io.ringmaster.director;
