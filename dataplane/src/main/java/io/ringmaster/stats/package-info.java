/**
 * Every counter of the director: packets, drops with their reason, and what each real server carries.
 */
package io.ringmaster.stats;
