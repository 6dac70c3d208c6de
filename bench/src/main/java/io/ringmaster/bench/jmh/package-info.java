/** Micro-benchmarks of what a packet needs, and the command that runs all JMH benchmarks of the bench. */
package io.ringmaster.bench.jmh;
