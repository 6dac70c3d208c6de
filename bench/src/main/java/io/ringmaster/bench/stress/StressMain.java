package io.ringmaster.bench.stress;

import java.util.Arrays;
import java.util.stream.Stream;
import org.openjdk.jcstress.Main;

/**
 * Runs jcstress with what our code needs in every JVM it forks: a fork does not read the manifest of the jar, so the
 * export that Agrona needs is given on its command line, in front of the flags that jcstress tries by turns.
 */
public final class StressMain {
    private static final String ACCESS =
        "--add-exports java.base/jdk.internal.misc=ALL-UNNAMED --enable-native-access=ALL-UNNAMED";

    private StressMain() {
    }

    /**
     * Takes the arguments of jcstress: {@code -m quick} is its shortest mode, {@code -t} picks tests by a regular
     * expression over their class names, {@code -r} names the directory of the report.
     *
     * @throws Exception as jcstress does.
     */
    public static void main(final String[] args) throws Exception {
        Main.main(Stream.concat(Stream.of("-jvmArgsPrepend", ACCESS), Arrays.stream(args)).toArray(String[]::new));
    }
}
