package io.ringmaster.netlink;

import io.ringmaster.sys.Errno;
import java.net.InetAddress;

/**
 * What the kernel says about the way to one address.
 *
 * @param destination the address that was asked for.
 * @param route       the way, or null if there is none.
 * @param errno       why there is none: ENETUNREACH no route, EHOSTUNREACH an unreachable route, EACCES a prohibit
 *                    route, EINVAL a blackhole route; 0 with a route.
 */
public record RouteAnswer(InetAddress destination, Route route, int errno) {
    /** One sentence for a person. */
    public String describe() {
        if (route == null) {
            return "There is no way to " + destination.getHostAddress() + ": " + Errno.describe(errno) + ".";
        }
        return destination.getHostAddress() + " is reached by interface " + route.interfaceIndex()
            + (route.local() ? ", which is this machine itself." : route.gateway() == null ? ", directly."
            : " through " + route.gateway().getHostAddress() + ".");
    }
}
