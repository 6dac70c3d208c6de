/**
 * The recordings' frames, mutated without end, through the director's own worker over rings in memory: what may never
 * happen, whatever comes in.
 */
package io.ringmaster.bench.fuzz;
