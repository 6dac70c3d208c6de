/**
 * Speed of the rings.
 */
package io.ringmaster.bench.ring;
