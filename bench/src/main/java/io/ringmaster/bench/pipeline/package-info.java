/** The packet path without sockets, measured beside the same job in C. */
package io.ringmaster.bench.pipeline;
