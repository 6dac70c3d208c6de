/** The connection table by itself: what its operations cost, and its hash. */
package io.ringmaster.bench.table;
