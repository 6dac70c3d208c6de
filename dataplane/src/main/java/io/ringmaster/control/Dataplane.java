package io.ringmaster.control;

import io.ringmaster.bpf.MarkFilter;
import io.ringmaster.connection.TableChecker;
import io.ringmaster.connection.TableFacts;
import io.ringmaster.connection.TableForm;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.View;
import io.ringmaster.stats.ServerCounters;

/** What the control thread needs of the running director. Every method is called on the control thread only. */
public interface Dataplane {
    /** How many workers there are; each gets its own scheduler of each service. Never changes. */
    int workers();

    /** IPv4 connections that the table is made for: the {@code size=} of listings. */
    long capacity();

    /** Connections and templates in the table now, a little old. */
    long size();

    /**
     * Hands a view to every worker, in order; each takes every view, so that schedulers are told of every change. If a
     * worker's queue is full, waits until it has room (workers take views between two batches).
     */
    void publish(View view);

    /** The highest version that all workers have taken over. */
    long appliedVersion();

    /** What real servers carry, by their number. */
    ServerCounters serverCounters();

    /** What virtual services carry, by their endpoint number. */
    ServerCounters serviceCounters();

    /**
     * One step of a walk over all live connections, in no order.
     *
     * @param cursor 0 to begin, then what the last step answered.
     * @return where to go on, or a negative number at the end.
     */
    long connections(long cursor, ConnectionVisitor visitor);

    /** A check of the connection table of a form, to be run in steps between other work. */
    TableChecker checker(TableForm form, TableFacts facts);

    /** Packets to this service come to the workers from now on. Called after all workers know it. */
    void openService(ServiceKey service);

    /** Packets to this service stay with the kernel from now on. Called before workers forget it. */
    void closeService(ServiceKey service);

    /** Packets from this address and port, a masqueraded real server's, come to the workers from now on. */
    void openReplies(int protocol, long ripHigh, long ripLow, int rport);

    /** Packets from this address and port stay with the kernel from now on. */
    void closeReplies(int protocol, long ripHigh, long ripLow, int rport);

    /**
     * Fragments come to the workers from now on.
     *
     * @param ofReplies whether those from this address, else those to it.
     */
    void openFragments(boolean ofReplies, long high, long low);

    /** Fragments stay with the kernel from now on; see {@link #openFragments}. */
    void closeFragments(boolean ofReplies, long high, long low);

    /**
     * Packets of data connections come to the workers from now on.
     *
     * @param ofReplies whether those from this address, a masqueraded real server's, else those to it.
     * @param lasting   whether those of all ports that FTP's data connections may have, else of such as are in use.
     */
    void openData(boolean ofReplies, boolean lasting, long high, long low);

    /** Packets of data connections stay with the kernel from now on; see {@link #openData}. */
    void closeData(boolean ofReplies, boolean lasting, long high, long low);

    /** ICMP errors about tunnel packets to this real server come to the workers from now on. */
    void openTunnel(long ripHigh, long ripLow);

    /** ICMP errors about tunnel packets to this address stay with the kernel from now on. */
    void closeTunnel(long ripHigh, long ripLow);

    /** Lets the XDP program take packets of a firewall mark. */
    void openMark(MarkFilter filter);

    /** Undoes {@link #openMark}. */
    void closeMark(MarkFilter filter);
}
