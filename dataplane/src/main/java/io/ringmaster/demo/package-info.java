/**
 * The demonstration: a network of namespaces, ordinary clients and servers, and what was measured between them.
 */
package io.ringmaster.demo;
