/** {@code bench forward}: packets through a director and its peers, end to end over veth. */
package io.ringmaster.bench.forward;
