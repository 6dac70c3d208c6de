/**
 * Which real server gets a new connection: one file for each scheduler of LVS.
 */
package io.ringmaster.scheduler;
