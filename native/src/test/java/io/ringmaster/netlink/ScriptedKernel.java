package io.ringmaster.netlink;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Plays the kernel behind a channel: each request is answered by the script, with its own sequence number. */
final class ScriptedKernel implements Channel {
    private final Consumer<ScriptedKernel> script;
    private final Deque<Object> waiting = new ArrayDeque<>();
    private MemorySegment memory = MemorySegment.ofArray(new byte[0]);
    private int sequence;
    private int requests;

    ScriptedKernel(final Consumer<ScriptedKernel> script) {
        this.script = script;
    }

    int requests() {
        return requests;
    }

    /** Puts a datagram of captured messages into the queue. */
    ScriptedKernel datagram(final int flags, final String... names) {
        final ByteArrayOutputStream datagram = new ByteArrayOutputStream();
        for (final String name : names) {
            final byte[] message = CapturedMessages.bytes(name);
            final MemorySegment segment = MemorySegment.ofArray(message);
            segment.set(ValueLayout.JAVA_INT_UNALIGNED, NetlinkHeader.SEQUENCE, sequence);
            segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, NetlinkHeader.FLAGS,
                (short) (NetlinkHeader.flags(segment, 0) | flags));
            datagram.writeBytes(message);
        }
        waiting.add(datagram.toByteArray());
        return this;
    }

    /** Puts a datagram of any bytes into the queue. */
    ScriptedKernel raw(final byte[] bytes) {
        waiting.add(bytes);
        return this;
    }

    /** Puts one of the answers of {@link Channel#receive} that is no datagram into the queue. */
    ScriptedKernel outcome(final int outcome) {
        waiting.add(outcome);
        return this;
    }

    @Override
    public void send(final MemorySegment message) {
        sequence = NetlinkHeader.sequence(message, 0);
        requests++;
        script.accept(this);
    }

    @Override
    public int receive(final boolean wait) {
        final Object next = waiting.poll();
        if (next instanceof Integer outcome) {
            return outcome;
        }
        if (next == null) {
            if (wait) {
                throw new AssertionError("waits for ever");
            }
            return NOTHING;
        }
        memory = CapturedMessages.inMemory((byte[]) next);
        return (int) memory.byteSize();
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public void close() {
        waiting.clear();
    }
}
