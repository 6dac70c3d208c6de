/**
 * Protocols that name addresses and ports in what they carry, which NAT has to know: the kernel's ip_vs_app.c and
 * ip_vs_ftp.c. Static functions and cursors of one worker; the connections are the worker's own matter.
 */
package io.ringmaster.application;
