package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.FakeDataplane;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Statistics;
import io.ringmaster.service.Sysctl;
import io.ringmaster.stats.ServerCounters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code ringmaster sysctl} shows, takes and refuses. */
class SysctlCommandTest {
    private final ServedDirector director = ServedDirector.start();
    private final FakeDataplane dataplane = director.dataplane();
    private final ServiceTable table = director.table();

    @AfterEach
    void close() {
        director.close();
    }

    private ServedDirector.Answer run(final String... words) {
        final List<String> all = new ArrayList<>(List.of("sysctl"));
        all.addAll(List.of(words));
        return director.run(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({"am_droprate, 2147483647, -1", "amemthresh, 8192, 8193", "backup_only, 1, 2", "cache_bypass, 1, 2",
        "conn_reuse_mode, 3, 4", "conntrack, 1, 2", "debug_level, 255, 256", "drop_entry, 3, 4", "drop_packet, 3, 4",
        "expire_nodest_conn, 1, 2", "expire_quiescent_template, 1, -1", "ignore_tunneled, 1, 2",
        "lblc_expiration, 2678400, 2678401", "lblcr_expiration, 2678400, 2678401", "nat_icmp_send, 1, 2",
        "pmtu_disc, 0, 2", "run_estimation, 0, 2", "schedule_icmp, 1, 2", "secure_tcp, 3, 4", "sloppy_sctp, 1, 2",
        "sloppy_tcp, 1, yes", "snat_reroute, 0, 2", "sync_persist_mode, 2, 3", "sync_ports, 64, 65",
        "sync_qlen_max, 1291, -1", "sync_refresh_period, 60, -1", "sync_retries, 3, 4",
        "sync_sock_size, 4096, 99999999999", "sync_threshold, 7 100, 100 7", "sync_version, 0, 2"})
    void eachTakesItsRangeAndRefusesWhatIsBeyond(final String name, final String good, final String bad) {
        final ServedDirector.Answer taken = run("net.ipv4.vs." + name + "=" + good);
        assertEquals(0, taken.exit(), taken.err());
        final String shown = "net.ipv4.vs." + name + " = " + good.replace(' ', '\t') + "\n";
        assertEquals(shown, taken.out());
        final ServedDirector.Answer refused = run("net.ipv4.vs." + name + "=" + bad);
        assertEquals(2, refused.exit());
        assertTrue(refused.err().startsWith("net.ipv4.vs." + name + " takes "), refused.err());
        assertTrue(refused.err().contains(", not '" + bad + "'; nothing was changed.\n"), refused.err());
        assertEquals(shown, run(name).out());
    }

    @ParameterizedTest
    @EnumSource
    void eachSaysWhatItDoesAndWhyItDoesNothing(final Sysctl setting) {
        final String text = run("--long", setting.fullName()).out();
        assertTrue(text.lines().allMatch(line -> line.length() <= 100), text);
        final String words = text.replaceAll("\\s+(> )?", " ");
        assertTrue(words.contains(setting.meaning() + " (" + setting.allowed() + "; "), text);
        assertTrue(words.endsWith(" by default) " + setting.note()
            + (setting.note().isEmpty() ? "" : " ")), text);
        final long other = setting == Sysctl.SYNC_THRESHOLD ? 1L << 32 | 5 : setting.byDefault() == 0 ? 1 : 0;
        final String value = setting == Sysctl.SYNC_PORTS ? "2" : setting.text(other);
        assertEquals(setting.note().isEmpty() ? "" : setting.fullName() + " was set. " + setting.note() + "\n",
            run(setting.word() + "=" + value).err());
        assertEquals("", run(setting.word() + "=" + setting.text(setting.byDefault())).err(), "the default does it");
    }

    @Test
    void allAreListedInOrder() {
        final List<String> lines = run("-a").out().lines().toList();
        assertEquals(Sysctl.values().length, lines.size());
        assertEquals(lines.stream().sorted().toList(), lines);
        assertTrue(lines.contains("net.ipv4.vs.conn_reuse_mode = 1"));
        assertTrue(lines.contains("net.ipv4.vs.sync_threshold = 3\t50"));
    }

    @Test
    void namesAreTakenInEveryForm() {
        assertEquals(0, run("-w", "net/ipv4/vs/sloppy_tcp=1").exit());
        assertEquals("net.ipv4.vs.sloppy_tcp = 1\n", run("sloppy_tcp").out());
    }

    @Test
    void severalAreChangedAtOnceOrNone() {
        assertEquals(2, run("sloppy_tcp=1", "conn_reuse_mode=9").exit());
        assertEquals(2, run("sloppy_tcp=1", "net.ipv4.vs.sloppy_tcp=0").exit(), "two values");
        assertFalse(table.sysctls().on(Sysctl.SLOPPY_TCP));
        assertEquals(0, dataplane.views.size());
        assertEquals(0, run("sloppy_tcp=1", "conn_reuse_mode=2").exit());
        assertEquals(1, dataplane.views.size(), "workers see both at once");
        assertTrue(table.view().sysctls().on(Sysctl.SLOPPY_TCP));
        assertEquals(2, table.view().sysctls().value(Sysctl.CONN_REUSE_MODE));
        assertEquals(0, run("sloppy_tcp=1").exit());
        assertEquals(1, dataplane.views.size(), "nothing changed");
    }

    @Test
    void programsGetAllOfIt() {
        final String json = run("--json", "conntrack").out();
        assertTrue(json.startsWith("[{\"name\":\"net.ipv4.vs.conntrack\",\"value\":\"0\",\"default\":\"0\","
            + "\"allowed\":\"0 or 1\",\"meaning\":"), json);
        assertTrue(json.contains("\"note\":\"It has no effect here: packets of services do not pass netfilter"), json);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "net.ipv4.ip_forward=1 | 1 | There is no setting net.ipv4.ip_forward; ringmaster sysctl -a lists all.",
        "no_such | 1 | There is no setting no_such;",
        "--frob | 2 | Unknown option: '--frob'",
        "--long | 2 | ringmaster sysctl takes names and NAME=VALUE"})
    void whatMakesNoSenseIsRefused(final String words, final int exit, final String sentence) {
        final ServedDirector.Answer reply = run(words);
        assertEquals(exit, reply.exit());
        assertTrue(reply.err().startsWith(sentence), reply.err());
    }

    @Test
    void totalsAndRatesStandStillWithoutEstimation() {
        final ServiceId web = ServiceId.of(ServiceId.TCP, HostAddress.parseIpv4("10.1.0.100").orElseThrow(), 80);
        table.addService(web, ServiceSettings.of("rr"));
        final Statistics statistics = table.service(web).orElseThrow().statistics();
        table.onTick(0);
        run("run_estimation=0");
        dataplane.serviceCounters().add(0, 1, ServerCounters.IN_PACKETS, 2_000);
        table.onTick(2_000_000_000L);
        assertEquals(0, statistics.rate(ServerCounters.IN_PACKETS));
        assertEquals(0, statistics.total(ServerCounters.IN_PACKETS));
        run("run_estimation=1");
        table.onTick(4_000_000_000L);
        assertEquals(250, statistics.rate(ServerCounters.IN_PACKETS), "a quarter of 2,000 in two seconds");
        assertEquals(2_000, statistics.total(ServerCounters.IN_PACKETS));
    }
}
