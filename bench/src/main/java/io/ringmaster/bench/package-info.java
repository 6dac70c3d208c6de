/**
 * Benchmarks, stress tests of memory order, and measured runs; nothing depends on this module.
 */
package io.ringmaster.bench;
