package io.ringmaster.bench.fuzz;

import io.ringmaster.bench.fuzz.Recording.Command;
import io.ringmaster.bench.fuzz.Recording.Frame;
import io.ringmaster.bench.fuzz.Recording.Pause;
import io.ringmaster.bench.fuzz.Recording.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One life of a director: a recording's steps in order, and behind each of its frames many that were made of it and of
 * others; meanwhile settings and rules change, time goes by, and transmit rings fill up. The same seed does the same.
 */
final class Episode {
    private static final int BATCH = 64;
    private static final String[] SETTINGS = {"sloppy_tcp=1", "sloppy_sctp=1", "expire_nodest_conn=1",
        "expire_quiescent_template=1", "conn_reuse_mode=0", "conn_reuse_mode=2", "nat_icmp_send=1", "schedule_icmp=1",
        "pmtu_disc=0", "snat_reroute=0", "secure_tcp=3", "drop_entry=3", "drop_packet=3", "cache_bypass=1",
        "am_droprate=2", "run_estimation=0", "ignore_tunneled=1"};
    private static final int SETTINGS_EACH = 4;

    private final Recording recording;
    private final List<Recording> all;
    private final SplittableRandom random;
    private final Mutator mutator;
    private final int frames;
    private final Buffer buffer = new Buffer();
    private final List<List<String>> changes = new ArrayList<>();
    private int batch = 1;
    private int inBatch;

    /**
     * An episode.
     *
     * @param all    recordings that frames may be taken of as well.
     * @param frames that are made, about.
     */
    Episode(final Recording recording, final List<Recording> all, final long seed, final int frames) {
        this.recording = recording;
        this.all = all;
        this.random = new SplittableRandom(seed);
        this.mutator = new Mutator(random);
        this.frames = frames;
    }

    /** Does all of it. */
    void play(final Actions director) {
        final int each = Math.max(1, frames / Math.max(1, recording.frames().size()));
        if (random.nextBoolean()) {
            for (int left = random.nextInt(1, SETTINGS_EACH); left > 0; left--) {
                director.command(List.of("sysctl", "net.ipv4.vs." + SETTINGS[random.nextInt(SETTINGS.length)]), "");
            }
        }
        int left = Math.max(frames, recording.frames().size());
        for (final Step step : recording.steps()) {
            switch (step) {
                case final Command command -> command(director, command);
                case final Pause pause -> director.elapse(pause.ms());
                case final Frame frame -> {
                    left -= each;
                    original(director, frame);
                    for (int i = left < 0 ? 0 : 1; i < each; i++) {
                        mutated(director, frame);
                    }
                }
            }
        }
        director.end();
    }

    private void command(final Actions director, final Command command) {
        director.command(command.words(), command.stdin());
        final int at = command.words().indexOf("-a");
        if (at < 0) {
            return;
        }
        final List<String> words = command.words();
        changes.add(words);
        final int server = words.indexOf("-r");
        if (server > at && at + 2 < words.size()) {
            changes.add(List.of("ipvsadm", "-d", words.get(at + 1), words.get(at + 2), "-r", words.get(server + 1)));
            final List<String> edited = new ArrayList<>(words);
            edited.set(at, "-e");
            edited.removeIf(word -> word.equals("-w"));
            edited.addAll(List.of("-w", "0"));
            changes.add(edited);
        }
    }

    private void original(final Actions director, final Frame frame) {
        director.elapse(1);
        director.frame(frame.port(), frame.bytes(), Math.min(frame.bytes().length, Buffer.BYTES_MAX));
        director.cycle();
    }

    private void mutated(final Actions director, final Frame current) {
        buffer.set(frame(current).bytes());
        if (random.nextInt(16) != 0) {
            mutator.mutate(buffer, frame(current).bytes());
        }
        final int port = random.nextInt(16) == 0 ? random.nextInt(2) : current.port();
        director.frame(port, buffer.bytes, Math.max(1, buffer.length()));
        if (++inBatch >= batch) {
            director.cycle();
            between(director);
        }
    }

    /** Mostly the recording's present frame, also others of it, and now and then one of another recording. */
    private Frame frame(final Frame current) {
        final int which = random.nextInt(16);
        if (which < 8) {
            return current;
        }
        final List<Frame> from = which < 14 ? recording.frames() : all.get(random.nextInt(all.size())).frames();
        return from.isEmpty() ? current : from.get(random.nextInt(from.size()));
    }

    private void between(final Actions director) {
        inBatch = 0;
        final int size = random.nextInt(4);
        batch = size == 0 ? 1 : size == 1 ? random.nextInt(1, 8) : random.nextInt(1, BATCH + 1);
        final int event = random.nextInt(2048);
        if (event < 8) {
            director.sends(event < 4);
        } else if (event < 24) {
            director.sends(true);
        } else if (event < 200) {
            director.elapse(random.nextInt(1, 500));
        } else if (event < 220) {
            director.elapse(random.nextInt(1, 130_000));
        } else if (event < 260 && !changes.isEmpty()) {
            director.command(changes.get(random.nextInt(changes.size())), "");
        }
    }
}
