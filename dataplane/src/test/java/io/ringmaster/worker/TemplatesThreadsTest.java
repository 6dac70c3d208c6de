package io.ringmaster.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.connection.ConnectionKey;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.TcpState;
import io.ringmaster.connection.TemplateValue;
import io.ringmaster.connection.WorkerTable;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.PacketParser;
import io.ringmaster.packet.ParseResult;
import io.ringmaster.scheduler.Scheduler;
import io.ringmaster.scheduler.SchedulerType;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.PortView;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.Sysctls;
import io.ringmaster.service.View;
import io.ringmaster.sip.Calls;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.stats.WorkerServerLoad;
import io.ringmaster.transmit.ClientHops;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Workers that set each other's templates aside: real servers are quiesced and come back, each worker sees that when it
 * likes, clients come and connections end. No child is lost and none is left over.
 */
class TemplatesThreadsTest {
    private static final int WORKERS = 3;
    private static final int CLIENTS = 3;
    private static final int STEPS = 30_000;
    private static final long NOW_MS = 1_000_000;
    private static final ServiceKey SERVICE = new ServiceKey(1, 6, Addresses.IPV4_HIGH,
        Addresses.ipv4Low(Frames.ip("10.1.0.100")), 80);

    private final ConnectionTable table = ConnectionTable.allocate(1_000, WORKERS, 1);
    private final ServerCounters servers = new ServerCounters(WORKERS);
    private final Scheduler[] schedulers = new Scheduler[WORKERS];
    private final View[] views = {view(1, 1), view(0, 1), view(1, 0)};

    private View view(final int weight1, final int weight2) {
        for (int w = 0; w < WORKERS; w++) {
            schedulers[w] = SchedulerType.RR.newScheduler(false);
        }
        final RealServerView[] byNumber = {null, server(1, weight1), server(2, weight2)};
        final ServiceView service = new ServiceView(SERVICE, 0, new RealServerView[] {byNumber[1], byNumber[2]},
            new int[0], schedulers, 300, -1);
        return new View(1, TcpState.defaults(), Sysctls.DEFAULTS.with(Sysctl.EXPIRE_QUIESCENT_TEMPLATE, 1),
            new PortView[0], List.of(service), byNumber, List.of());
    }

    private static RealServerView server(final int number, final int weight) {
        return new RealServerView(number, SERVICE, Addresses.IPV4_HIGH, Addresses.ipv4Low(number), 80,
            ForwardingMethod.MASQUERADING, new RealServerView.Capacity(weight, 1, 0, 0), true, NextHop.NONE);
    }

    @RepeatedTest(3)
    void everyChildIsInOneTemplate() throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
        try (table) {
            final List<Future<long[]>> futures = new ArrayList<>();
            for (int w = 0; w < WORKERS; w++) {
                futures.add(threads.submit(new Player(w)));
            }
            final long[] children = new long[3];
            for (final Future<long[]> future : futures) {
                final long[] left = future.get(60, TimeUnit.SECONDS);
                for (int i = 0; i < children.length; i++) {
                    children[i] += left[i];
                }
            }
            final long[] said = new long[3];
            final long[] templates = new long[3];
            table.lister(0).list(0, Integer.MAX_VALUE, NOW_MS, (key, value, remainingSec) -> {
                said[ConnectionValue.realServer(value)] += TemplateValue.children(value);
                templates[ConnectionValue.realServer(value)]++;
            });
            assertArrayEquals(children, said, "children that did not end");
            assertArrayEquals(new long[] {0, servers.sum(1, ServerCounters.PERSISTENT),
                servers.sum(2, ServerCounters.PERSISTENT)}, templates, "templates as counted");
        } finally {
            threads.shutdownNow();
            assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
        }
    }

    /** One worker; answers how many children of each real server it has not ended. */
    private final class Player implements Callable<long[]>, TemplateStore {
        private final SplittableRandom random;
        private final WorkerTable own;
        private final Templates templates;
        private final Packet[] packets = new Packet[CLIENTS];
        private final List<long[]> children = new ArrayList<>();

        Player(final int worker) {
            random = new SplittableRandom(worker);
            own = table.worker(worker, this::ended);
            templates = new Templates(worker, table, own, this, new WorkerServerLoad(servers),
                new ServerCounts(worker, servers, new ServerCounters(WORKERS)), Calls.allocate(1));
            for (int i = 0; i < CLIENTS; i++) {
                packets[i] = packet("10.9.1." + (1 + i) + ":4000");
            }
        }

        /** To make room: of templates those that nobody misses. */
        private void ended(final long key, final long value) {
            templates.ended(0, value);
        }

        private static Packet packet(final String client) {
            final byte[] frame = Frames.tcp(1, 2, client, "10.1.0.100:80", Frames.SYN, 0);
            final MemorySegment memory = Arena.ofAuto().allocate(2048, 64);
            MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, 0, frame.length);
            final Packet packet = new Packet(memory);
            packet.wrap(0, frame.length, 0);
            if (PacketParser.parse(packet) != ParseResult.OK) {
                throw new IllegalStateException("the test's own packet is wrong");
            }
            return packet;
        }

        @Override
        public long[] call() {
            View view = views[0];
            templates.useView(view);
            for (int step = 0; step < STEPS; step++) {
                own.beginCycle();
                own.sweep(16, NOW_MS);
                if (random.nextInt(4) == 0) {
                    view = views[random.nextInt(views.length)];
                    templates.useView(view);
                }
                final int client = random.nextInt(CLIENTS);
                final RealServerView server = templates.server(packets[client], view.service(6, SERVICE.vipHigh(),
                    SERVICE.vipLow(), SERVICE.vport()), NOW_MS);
                if (server != null && templates.held()) {
                    children.add(new long[] {ConnectionKey.of(Frames.ip("10.9.1." + (1 + client)), 4000, 1),
                        ConnectionValue.of(0, server.number(), ClientHops.NONE, ConnectionValue.CHILD, 60, NOW_MS)});
                }
                while (children.size() > 20) {
                    end(children.remove(random.nextInt(children.size())));
                }
            }
            final long[] left = new long[3];
            children.forEach(child -> left[ConnectionValue.realServer(child[1])]++);
            own.goAbsent();
            return left;
        }

        private void end(final long[] child) {
            templates.childEnded(Addresses.IPV4_HIGH, Addresses.ipv4Low(ConnectionKey.clientAddress(child[0])),
                child[1], NOW_MS);
        }

        @Override
        public long findTemplate(final long high, final long low, final int port, final ServiceKey service,
                                 final long nowMs) {
            return own.findTemplate(ConnectionKey.of(Addresses.ipv4(low), port, service.endpoint()),
                table.hash(service.protocol(), Addresses.ipv4(low), port), nowMs);
        }

        @Override
        public long insertTemplate(final long high, final long low, final int port, final ServiceKey service,
                                   final long fresh, final long nowMs) {
            return own.insert(ConnectionKey.of(Addresses.ipv4(low), port, service.endpoint()),
                table.hash(service.protocol(), Addresses.ipv4(low), port), fresh, nowMs);
        }

        @Override
        public int addressBits() {
            return 32;
        }

        @Override
        public long prefixHigh(final int bits) {
            return Addresses.IPV4_HIGH;
        }

        @Override
        public long prefixLow(final int bits) {
            return Addresses.ipv4Low(bits == 0 ? 0 : -1 << 32 - bits);
        }
    }
}
