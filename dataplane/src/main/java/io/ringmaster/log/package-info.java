/**
 * The log: what {@code System.Logger} is told, line by line on standard error, as a service manager wants it.
 */
package io.ringmaster.log;
