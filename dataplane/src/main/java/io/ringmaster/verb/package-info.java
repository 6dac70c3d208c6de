/**
 * The frame of a verb of {@code ringmaster} that a running director answers. To add one:
 *
 * <ol>
 * <li>Write a class that extends {@link io.ringmaster.verb.Verb}, with picocli's {@code @Command} (name, description,
 *     a footer of two examples that were run and of the exit codes), {@code @Option} and {@code @Parameters};
 *     subcommands are verbs, too. It has {@code --help} and {@code --json} from {@code Verb}. The program that the
 *     shell starts needs the class for help, completion and the manual only, so its constructor takes nothing and does
 *     nothing, and no static field of it loads much.
 * <li>Do the work in {@code run(Call)}. It runs in the director on a thread of its own, one for each call, that may
 *     wait as long as it likes. What belongs to the control thread ({@link io.ringmaster.verb.DirectorParts}) is
 *     touched only inside {@code call.ask(parts -> ...)}, which looks, and {@code call.change(parts -> ...)}, which
 *     changes: that is refused to those who may only look, is logged with the user, and returns when all workers have
 *     the new view. Keep each below a millisecond, for other clients wait meanwhile: walk long tables in several calls.
 * <li>Answer by {@code call.print}, {@code call.json} (one object a line), {@code call.write} (bytes),
 *     {@code call.warn} (standard error), {@code call.progress} (a line that the next one replaces, on terminals only).
 *     All of it streams: what the client does not take makes the verb wait, so a million lines need no memory.
 *     {@code call.flush()} sends where somebody waits for a line, {@code call.pause(ms)} sends and waits.
 *     {@code call.stdin()} reads the client's standard input, which is asked for at the first read.
 *     {@code call.columns()} and {@code call.terminal()} tell what it prints to, {@code call.caller()} who it is.
 * <li>Return the exit code: 0 done, 1 for a "no" of which the output tells. Throw {@code RefusedException} for what is
 *     not done (exit code 1), {@code UsageException} for words that make no sense together (2). These, like a client
 *     that has gone ({@code ClientGoneException}, thrown by whatever speaks to it), just pass through {@code run}.
 * <li>Add it to the one list, the enum {@code io.ringmaster.cli.Verbs}: help, completion, the manual and the tests of
 *     help are made from it.
 * <li>Add its row to docs/socket.md, and its rows to the table of bad input, {@code cli/bad-input.txt} of the tests:
 *     one for each kind of mistake, or a reason why there is none (BadInputMatrixTest tells what is missing).
 * </ol>
 *
 * <p>An example is {@code io.ringmaster.cli.DropsCommand}.
 */
package io.ringmaster.verb;
