package io.ringmaster.netlink;

import java.util.ArrayList;
import java.util.List;

/** Writes down what a monitor tells, a line each. */
final class Recorder implements RouteMonitor.Listener {
    private final List<String> lines = new ArrayList<>();
    private int overruns;
    private int rules;

    @Override
    public void onLink(final Link link, final boolean deleted) {
        lines.add((deleted ? "-link " : "+link ") + link.name() + (link.up() ? " up" : " down"));
    }

    @Override
    public void onAddress(final InterfaceAddress address, final boolean deleted) {
        lines.add((deleted ? "-address " : "+address ") + address.address().getHostAddress() + "/"
            + address.prefixLength());
    }

    @Override
    public void onRoute(final Route route, final boolean deleted) {
        lines.add((deleted ? "-route " : "+route ") + route.destination().getHostAddress() + "/" + route.prefixLength()
            + (route.gateway() == null ? "" : " via " + route.gateway().getHostAddress()));
    }

    @Override
    public void onNeighbour(final Neighbour neighbour, final boolean deleted) {
        lines.add((deleted ? "-neighbour " : "+neighbour ") + neighbour.address().getHostAddress() + " "
            + Long.toHexString(neighbour.mac()));
    }

    @Override
    public void onOverrun() {
        overruns++;
    }

    @Override
    public void onRule() {
        rules++;
    }

    List<String> lines() {
        return lines;
    }

    int overruns() {
        return overruns;
    }

    int rules() {
        return rules;
    }
}
