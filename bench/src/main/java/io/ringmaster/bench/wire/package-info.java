/** Networks of namespaces with a forwarder in the middle: a director, or what it is compared with. */
package io.ringmaster.bench.wire;
