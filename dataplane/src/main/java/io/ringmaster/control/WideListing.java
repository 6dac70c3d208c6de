package io.ringmaster.control;

import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.SideTable;
import io.ringmaster.connection.WantedAddresses;
import io.ringmaster.connection.WideConnectionConsumer;
import io.ringmaster.connection.WideKey;
import io.ringmaster.packet.Addresses;
import io.ringmaster.sip.Calls;
import java.util.function.IntUnaryOperator;

/** Tells a visitor of the connections in a table of the wide form. Owned by the control thread. */
public final class WideListing implements WideConnectionConsumer {
    private final ConnectionVisitor visitor;
    private final IntUnaryOperator protocolOf;
    private final WantedAddresses wanted;
    private final SideTable side;
    private final Calls calls;

    /**
     * Tells this visitor.
     *
     * @param table      that the connections are in.
     * @param protocolOf the IP protocol number of an endpoint, at least of those of SCTP: it has states of its own.
     * @param calls      what templates known by a call are told of by.
     */
    public WideListing(final ConnectionVisitor visitor, final ConnectionTable table,
                       final IntUnaryOperator protocolOf, final Calls calls) {
        this.wanted = table.wantedAddresses();
        this.side = table.side();
        this.visitor = visitor;
        this.protocolOf = protocolOf;
        this.calls = calls;
    }

    @Override
    public void onConnection(final long high, final long low, final long key, final long value,
                             final int remainingSec) {
        if (ConnectionValue.isTemplate(value) && ConnectionValue.isOfCall(value)) {
            tellOfCall(calls, visitor, low, WideKey.clientPort(key), WideKey.endpoint(key), value, remainingSec);
            return;
        }
        final boolean marked = WideKey.isMarked(key);
        final HostAddress client = WideKey.isMarked(key, low) || WideKey.isMapped(high, low)
            ? HostAddress.ipv4(Addresses.ipv4(low)) : new HostAddress(true, high, low);
        final boolean template = ConnectionValue.isTemplate(value);
        final int port = template && WideKey.clientPort(key) != 0 ? ConnectionVisitor.UNUSED : WideKey.clientPort(key);
        final String state = ConnectionValue.word(value, protocolOf.applyAsInt(WideKey.endpoint(key)));
        final int server = ConnectionValue.realServer(value);
        if (template || !marked && WideKey.destinationPort(key) == 0) {
            visitor.connection(client, port, WideKey.endpoint(key), server, state, remainingSec);
        } else {
            visitor.connectionOfAnyPort(client, port, WideKey.endpoint(key), server, state, remainingSec,
                new Wanted(WideKey.protocol(key), marked ? asked(high, key) : null, WideKey.destinationPort(key),
                    serverPort(high, low, key, value)));
        }
    }

    /** By a template every port is kept; of a data connection its record tells. */
    private int serverPort(final long high, final long low, final long key, final long value) {
        if (ConnectionValue.isChild(value)) {
            return WideKey.destinationPort(key);
        }
        return ConnectionValue.isControlled(value) ? side.serverPort(key, high, low) : Wanted.OWN_PORT;
    }

    private HostAddress asked(final long high, final long key) {
        final int number = WideKey.number(key);
        return number == WantedAddresses.NONE ? HostAddress.ipv4(WideKey.wantedAddress(high))
            : new HostAddress(true, wanted.high(number), wanted.low(number));
    }

    /** Tells of a template that is known by a call, in a table of either form; not if it has just ended. */
    public static void tellOfCall(final Calls calls, final ConnectionVisitor visitor, final long low, final int port,
                                  final int endpoint, final long value, final int remainingSec) {
        calls.listed(Calls.ofAddress(low)).ifPresent(call -> visitor.template(
            new HostAddress(!Addresses.isIpv4(call.clientHigh(), call.clientLow()), call.clientHigh(),
                call.clientLow()),
            port == 0 ? 0 : ConnectionVisitor.UNUSED, endpoint, ConnectionValue.realServer(value),
            ConnectionValue.word(value), remainingSec, call.id()));
    }
}
