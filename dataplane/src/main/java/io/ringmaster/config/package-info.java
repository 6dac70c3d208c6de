/**
 * The whole state of a director as a file: what it says, how it is read and written, and what has to change so that a
 * director is as its file says.
 */
package io.ringmaster.config;
