/** What every measurement shares: the machine, figures of alternated rounds, progress, errors for a person. */
package io.ringmaster.bench.report;
