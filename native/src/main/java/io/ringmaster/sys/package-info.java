/**
 * System calls and the C library through java.lang.foreign; the base of every other package of this module.
 */
package io.ringmaster.sys;
