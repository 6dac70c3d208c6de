package io.ringmaster.cli;

import io.ringmaster.director.Settings;
import java.nio.file.Path;

/** What the commands of ringmaster start, once their options are checked. Each returns the exit code. */
public interface Programs {
    /** Runs a director until it is told to end. */
    int run(Settings settings, Kept kept);

    /** Shows the main job in namespaces of its own. */
    int demo(DemoSettings settings);

    /** Strips tunnel headers from packets that arrive on an interface until it is told to end. */
    int decap(String interfaceName, int guePort);

    /** Writes the object file of the decap program. */
    int printDecapObject(Path file);

    /**
     * What the demo shows.
     *
     * @param method nat, dr, tun or all.
     * @param keep   whether to leave everything up.
     */
    record DemoSettings(String method, boolean keep) {
    }
}
