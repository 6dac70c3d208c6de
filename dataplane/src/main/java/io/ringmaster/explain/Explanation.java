package io.ringmaster.explain;

import io.ringmaster.bpf.XdpReason;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.Counter;
import java.util.List;
import java.util.Optional;

/**
 * What would happen to a packet. Immutable.
 *
 * @param question the packet.
 * @param verdict  what the XDP program does with it; empty if this kernel cannot be asked.
 * @param scene    the director at that moment.
 * @param courses  what each worker would do with it; empty if it stays with the kernel.
 */
public record Explanation(Question question, Optional<XdpReason> verdict, Scene scene, List<Course> courses) {
    /** Whether the packet gets to a worker. */
    public boolean taken() {
        return !courses.isEmpty();
    }

    /** The service that the packet is for, or null. */
    public ServiceView service() {
        return scene.service();
    }

    /** The real server of a course, or null. */
    public RealServerView server(final Course course) {
        return scene.view().realServer(course.server());
    }

    /** Whether a course makes a connection, or stands for one of a single packet. */
    public static boolean opens(final Course course) {
        return course.events().contains(Counter.CONNECTIONS_CREATED);
    }

    /** The connection that the packet belongs to, as it is. */
    public Optional<Entry> connection() {
        return scene.entries().stream().filter(entry -> !entry.template() && isOfPacket(entry)).findFirst();
    }

    private boolean isOfPacket(final Entry entry) {
        if (service() != null) {
            return entry.endpoint() == service().endpoint() && entry.clientPort() == question.from().port();
        }
        final RealServerView server = scene.view().realServer(entry.realServer());
        return server != null && entry.clientPort() == question.to().port()
            && server.addressHigh() == question.from().high() && server.addressLow() == question.from().low()
            && (server.port() == question.from().port() || server.service().anyPort() || server.service().hasData());
    }

    /** The template of the packet's client, as it is. */
    public Optional<Entry> template() {
        return scene.entries().stream().filter(Entry::template).findFirst();
    }

    /** Whether the template led a course's new connection to its real server. */
    public boolean ledByTemplate(final Course course) {
        return opens(course) && template().isPresent() && template().get().realServer() == course.server();
    }

    /** Whether a course makes the template of the packet's client, or another in its place. */
    public boolean makesTemplate(final Course course) {
        return !ledByTemplate(course) && course.entries().stream().anyMatch(entry -> entry.template()
            && entry.realServer() == course.server());
    }

    /** Whether it hangs on what the packet carries, which nobody said: the Call-ID of SIP. */
    public boolean needsPayload() {
        return service() != null && service().byCallId() && connection().isEmpty() && question.form().error() == null
            && !question.form().incomplete();
    }

    /** Whether workers would choose different real servers, each in its own turn. */
    public boolean differs() {
        return courses.stream().anyMatch(course -> course.server() != courses.getFirst().server()
            || course.end() != courses.getFirst().end());
    }
}
