/**
 * What the launcher does once after a build so that later commands start quickly: a jar whose classes can all be
 * cached, and the run that the cache of loaded classes is made from (JEP 514).
 */
package io.ringmaster.cli.launch;
