/**
 * One packet in its frame: the cursor, the parser, header flyweights and checksums.
 */
package io.ringmaster.packet;
