/**
 * What a package holds, laid out as on the machine that it is installed on: the program with a Java runtime of just
 * what it uses, and the caches of classes made with that runtime.
 */
package io.ringmaster.appliance;
