/** What every measurement shares: the machine it ran on, figures of alternated rounds, progress, errors for a person. */
package io.ringmaster.bench.report;
