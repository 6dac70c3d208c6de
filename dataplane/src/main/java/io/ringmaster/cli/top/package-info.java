/**
 * {@code ringmaster top}: what services, real servers, drops and workers do now, on a live screen, as lines or as JSON.
 * It runs in the director on the thread of its call; keys come as the client's standard input, which the launcher has
 * made give them one by one.
 */
package io.ringmaster.cli.top;
