package io.ringmaster.bench.pipeline;

import io.ringmaster.connection.TcpState;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.scheduler.Scheduler;
import io.ringmaster.scheduler.SchedulerType;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.PortView;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.Timeouts;
import io.ringmaster.service.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The configuration of a run: services with round robin over real servers of one method. */
final class Rules {
    /** Time-out of established connections where half-open ones last a second: longer than any such run's clock. */
    static final int LONG_SEC = 3_000;
    private static final int MTU_BYTES = 1500;
    private static final int FIRST_SERVER = 0x0a020000;
    private static final int DIRECTOR_ADDRESS = 0x0a020001;
    private static final long FIRST_SERVER_MAC = 0x020000001000L;

    private Rules() {
    }

    /** The view of a run; time-outs are the kernel's, or half-open connections last a second, established ones long. */
    static View view(final Plan plan, final boolean brief) {
        final Plan.Method method = plan.method();
        final List<ServiceView> services = new ArrayList<>();
        final RealServerView[] byNumber = new RealServerView[Traffic.SERVICES * Traffic.SERVERS_PER_SERVICE + 1];
        for (int s = 0; s < Traffic.SERVICES; s++) {
            final ServiceKey key = new ServiceKey(s + 1, Ipv4.PROTOCOL_TCP, Addresses.IPV4_HIGH,
                Addresses.ipv4Low(Traffic.FIRST_VIP + s), Traffic.VPORT);
            final RealServerView[] servers = new RealServerView[Traffic.SERVERS_PER_SERVICE];
            for (int i = 0; i < servers.length; i++) {
                final int number = s * Traffic.SERVERS_PER_SERVICE + i + 1;
                servers[i] = server(number, key, method);
                byNumber[number] = servers[i];
            }
            services.add(new ServiceView(key, 0, servers, SchedulerType.RR.prepare(servers, 0),
                schedulers(plan.workers())));
        }
        final PortView port = new PortView(1, Traffic.DIRECTOR_MAC, MTU_BYTES, Addresses.IPV4_HIGH,
            Addresses.ipv4Low(DIRECTOR_ADDRESS));
        final Timeouts timeouts = brief ? TcpState.defaults().withTcp(TcpState.SYN_RECV.ordinal(), 1)
            .withTcp(TcpState.ESTABLISHED.ordinal(), LONG_SEC) : TcpState.defaults();
        return new View(1, timeouts, new PortView[] {port}, services, byNumber, services);
    }

    /** Each worker has its own turn. */
    private static Scheduler[] schedulers(final int workers) {
        final Scheduler[] made = new Scheduler[workers];
        Arrays.setAll(made, worker -> SchedulerType.RR.newScheduler(false));
        return made;
    }

    private static RealServerView server(final int number, final ServiceKey key, final Plan.Method method) {
        final NextHop hop = new NextHop(0, FIRST_SERVER_MAC + number, Traffic.DIRECTOR_MAC, MTU_BYTES,
            Addresses.IPV4_HIGH, Addresses.ipv4Low(DIRECTOR_ADDRESS));
        return new RealServerView(number, key, Addresses.IPV4_HIGH, Addresses.ipv4Low(FIRST_SERVER + number),
            method.serverPort(), method.forwarding(), new RealServerView.Capacity(1, 1, 0, 0), true, hop);
    }
}
