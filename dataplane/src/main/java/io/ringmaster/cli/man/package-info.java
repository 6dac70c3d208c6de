/**
 * The manual: man pages in roff, made from the same texts as the help of commands, and from the pages of docs.
 */
package io.ringmaster.cli.man;
