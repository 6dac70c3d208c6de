package io.ringmaster.verb;

import java.io.IOException;

/** The client of a verb has gone: nobody is left to be told anything. */
public final class ClientGoneException extends IOException {
    private static final long serialVersionUID = 1;

    ClientGoneException() {
        super("the client has gone");
    }
}
