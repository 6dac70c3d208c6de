/** {@code bench latency}: how long packets take through a director and its peers at a steady rate. */
package io.ringmaster.bench.latency;
