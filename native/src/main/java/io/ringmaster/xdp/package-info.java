/**
 * AF_XDP sockets over one shared UMEM.
 */
package io.ringmaster.xdp;
