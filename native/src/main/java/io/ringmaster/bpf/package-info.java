/**
 * XDP programs and their maps: loading, attaching and filling them through libbpf.
 */
package io.ringmaster.bpf;
