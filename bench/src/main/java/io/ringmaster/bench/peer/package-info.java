/** Programs in C that measurements compare with: compiled on the machine that they are measured on. */
package io.ringmaster.bench.peer;
