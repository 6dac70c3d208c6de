/**
 * The program ringmaster: its commands, and the thin client that sends them to a running director.
 */
package io.ringmaster.cli;
