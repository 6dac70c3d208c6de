/**
 * jcstress tests: every claim about memory order, with the outcomes it allows and forbids as its specification.
 */
package io.ringmaster.bench.stress;
