/**
 * What ipvsadm 1.31 understands and prints, and what the kernel shows of the same in {@code /proc/net}, on the service
 * table of a running director.
 * <p>
 * Its command line is read by a small table-driven reader and not by picocli: the first option must be the command,
 * some options have an argument only if the next word does not look like an option, values are judged in the order
 * they come, legality after that and in another order, and each error has its text and exit code.
 */
package io.ringmaster.cli.ipvsadm;
