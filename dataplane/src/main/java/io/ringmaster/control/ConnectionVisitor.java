package io.ringmaster.control;

/** Is told of connections one by one; see {@link Dataplane#connections}. */
@FunctionalInterface
public interface ConnectionVisitor {
    /** The client port of a template by which no real server is found any more. */
    int UNUSED = -1;

    /**
     * One connection.
     *
     * @param client     CIP; masked for a template.
     * @param clientPort cport; 0 for a template, {@link #UNUSED} for one that is of no use any more.
     * @param endpoint   number of its virtual service.
     * @param realServer number of its real server.
     * @param state      the word of listings, NONE for a template.
     * @param expireSec  seconds until it ends without a packet.
     */
    void connection(HostAddress client, int clientPort, int endpoint, int realServer, String state, long expireSec);

    /**
     * A template that is known by a call of its client.
     *
     * @param callId its Call-ID, a character for each byte.
     */
    default void template(final HostAddress client, final int clientPort, final int endpoint, final int realServer,
                          final String state, final long expireSec, final String callId) {
        connection(client, clientPort, endpoint, realServer, state, expireSec);
    }

    /** As {@link #connection}, of a service of several ports or addresses. */
    default void connectionOfAnyPort(final HostAddress client, final int clientPort, final int endpoint,
                                     final int realServer, final String state, final long expireSec,
                                     final Wanted wanted) {
        connection(client, clientPort, endpoint, realServer, state, expireSec);
    }
}
