package io.ringmaster.conformance;

import io.ringmaster.conformance.Result.Excuse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Plays recordings one after the other, each to a director and a network of its own. These are made by a thread beside
 * the one that plays, one recording ahead: most of a play is waiting, and most of the work is starting.
 */
final class WirePlays implements AutoCloseable {
    private final ExecutorService starter = Executors.newSingleThreadExecutor();
    private final StepTable stepTable = new StepTable();
    private final Iterator<Fixture> fixtures;
    private Future<Stage> ahead;

    /** A director that is ready, and what is to be played to it. */
    private record Stage(Fixture fixture, Story story, WireDirector director, List<Excuse> excused) {
        static Stage make(final Fixture fixture) {
            final Topology topology = new Topology(fixture.mtuBytes());
            final Story story = new Story(new HostAnswer(topology));
            final List<Excuse> excused = new ArrayList<>();
            return new Stage(fixture, story, new WireDirector(topology, story, excused), excused);
        }
    }

    WirePlays(final List<Fixture> fixtures) {
        this.fixtures = fixtures.iterator();
        startNext();
    }

    private void startNext() {
        ahead = null;
        if (fixtures.hasNext()) {
            final Fixture fixture = fixtures.next();
            ahead = starter.submit(() -> Stage.make(fixture));
        }
    }

    /** Plays the next one. */
    Result next() {
        final Stage stage = await();
        try (WireDirector director = stage.director()) {
            startNext();
            return new Player(stage.fixture(), stepTable, stage.story(), director, director, stage.excused()).play();
        }
    }

    private Stage await() {
        try {
            return ahead.get();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (final ExecutionException e) {
            throw new AssertionError("no director to play to: " + e.getCause(), e.getCause());
        }
    }

    @Override
    public void close() {
        starter.shutdown();
        if (ahead != null) {
            await().director().close();
        }
    }
}
