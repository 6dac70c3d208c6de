/** Draws results as a picture. */
package io.ringmaster.bench.chart;
