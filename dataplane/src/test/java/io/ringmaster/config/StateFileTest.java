package io.ringmaster.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.connection.TcpState;
import io.ringmaster.control.FakeDataplane;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.MarkWords;
import io.ringmaster.control.RefusedException;
import io.ringmaster.control.ServerId;
import io.ringmaster.control.ServerSettings;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Tunnel;
import io.ringmaster.scheduler.SchedulerType;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.Sysctl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file says is what a director has, and the way from one to the other is short. */
class StateFileTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "..", "docs", "config.md");

    private static ServiceTable table() {
        return new ServiceTable(new FakeDataplane(), (high, low) -> NextHop.NONE, TcpState.defaults());
    }

    /** Some rules of all kinds, added in an order of their own. */
    private static ServiceTable random(final Random random) {
        final ServiceTable table = table();
        for (int i = random.nextInt(6); i > 0; i--) {
            final boolean ipv6 = random.nextInt(4) == 0;
            final boolean marked = !ipv6 && random.nextInt(4) == 0;
            final HostAddress vip = ipv6 ? new HostAddress(true, 0x2001_0db8L << 32, i)
                : HostAddress.ipv4(0x0a000000 + i);
            final ServiceId id = marked ? ServiceId.ofMark(-i, false)
                : ServiceId.of(random.nextBoolean() ? ServiceId.UDP : ServiceId.TCP, vip, 80 + i);
            final SchedulerType[] types = SchedulerType.values();
            table.addService(id, new ServiceSettings(types[random.nextInt(types.length)].word(),
                random.nextInt(8) << 3, random.nextBoolean() ? 0 : 1 + random.nextInt(1_000),
                ipv6 ? 1 + random.nextInt(128) : -1 << random.nextInt(32), "",
                id.protocol() == ServiceId.UDP && random.nextBoolean()));
            for (int s = random.nextInt(5); s > 0; s--) {
                addServer(table, id, s, random);
            }
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            table.addMark(MarkWords.read(List.of("--mark", "" + random.nextInt(1, 9), "--destination", "10." + i
                + ".0.0/" + random.nextInt(16, 33), "--protocol", "udp", "--port", i + ",20-3" + i)));
        }
        table.setTimeouts(random.nextInt(3), random.nextInt(3), random.nextInt(3));
        table.setSysctls(table.sysctls().with(Sysctl.DROP_ENTRY, random.nextInt(4))
            .with(Sysctl.SYNC_THRESHOLD, 2L << 32 | random.nextInt(3, 90)));
        return table;
    }

    private static void addServer(final ServiceTable table, final ServiceId service, final int number,
                                  final Random random) {
        final ForwardingMethod method = new ForwardingMethod[] {ForwardingMethod.MASQUERADING,
            ForwardingMethod.DIRECT_ROUTING, ForwardingMethod.TUNNELING}[random.nextInt(3)];
        final boolean ipv6 = service.address().ipv6();
        final HostAddress rip = ipv6 ? new HostAddress(true, 0x2001_0db8L << 32, 0x100 + number)
            : HostAddress.ipv4(0x0a010000 + number);
        final Tunnel[] tunnels = {Tunnel.IPIP, new Tunnel(Tunnel.Type.GUE, 6080, Tunnel.Checksum.REMOTE),
            new Tunnel(Tunnel.Type.GRE, 0, Tunnel.Checksum.FULL)};
        final int upper = random.nextInt(3);
        table.addServer(service, new ServerId(rip, method == ForwardingMethod.MASQUERADING ? 8_000 + number
            : service.port()), new ServerSettings(method, random.nextInt(4), upper, random.nextInt(upper + 1),
            method == ForwardingMethod.TUNNELING ? tunnels[random.nextInt(3)] : Tunnel.IPIP));
    }

    @Property(tries = 100)
    void whatIsShownMakesAnotherDirectorEqual(@ForAll final long seed) {
        final ServiceTable one = random(new Random(seed));
        final String shown = StateWriter.write(State.of(one));
        final State read = StateReader.read(shown, "FILE");
        assertTrue(Changes.between(State.of(one), read).isEmpty(), () -> shown
            + Changes.between(State.of(one), read).lines());
        final ServiceTable empty = table();
        Changes.between(State.of(empty), read).apply(empty);
        assertEquals(shown, StateWriter.write(State.of(empty)));
    }

    @Property(tries = 100)
    void anyStateBecomesAnyOtherInOneStep(@ForAll final long seed) {
        final Random random = new Random(seed);
        final ServiceTable table = random(random);
        final State wanted = State.of(random(random));
        final long before = table.view().version();
        Changes.between(State.of(table), wanted).apply(table);
        assertTrue(Changes.between(State.of(table), wanted).isEmpty(),
            () -> Changes.between(State.of(table), wanted).lines().toString());
        assertTrue(table.view().version() <= before + 1, "workers see one change");
    }

    @Test
    void aRefusedChangeChangesNothing() {
        final ServiceTable table = random(new Random(7));
        final State before = State.of(table);
        final State wanted = StateReader.read("sysctls: {cache_bypass: 1}\nservices: [{tcp: 10.9.9.9:1, servers: "
            + "[{server: 10.1.1.1, method: nat}]}]", "FILE");
        // What a reader would not let through.
        wanted.services().values().iterator().next().servers().put(new ServerId(HostAddress.ipv4(0), 1),
            ServerSettings.of(ForwardingMethod.MASQUERADING, 1));
        assertThrows(RefusedException.class, () -> Changes.between(before, wanted).apply(table));
        assertEquals(before, State.of(table));
    }

    @Test
    void whatStaysIsNotTouched() {
        final ServiceTable table = table();
        Changes.between(State.of(table), StateReader.read("services: [{tcp: 10.0.0.1:80, scheduler: rr, servers: "
            + "[{server: 10.0.1.1}, {server: 10.0.1.2}]}]", "a")).apply(table);
        final int first = table.services().iterator().next().servers().getLast().number();
        final State wanted = StateReader.read("services: [{tcp: 10.0.0.1:80, scheduler: rr, servers: "
            + "[{server: 10.0.1.1, weight: 5}, {server: 10.0.1.3}]}]", "b");
        final Changes changes = Changes.between(State.of(table), wanted);
        assertEquals(List.of("-tcp 10.0.0.1:80 -> 10.0.1.1:80 method=dr weight=1",
            "+tcp 10.0.0.1:80 -> 10.0.1.1:80 method=dr weight=5",
            "+tcp 10.0.0.1:80 -> 10.0.1.3:80 method=dr weight=1",
            "-tcp 10.0.0.1:80 -> 10.0.1.2:80 method=dr weight=1"), changes.lines());
        changes.apply(table);
        assertEquals(List.of(first), table.services().iterator().next().servers().stream()
            .filter(server -> server.settings().weight() == 5).map(server -> server.number()).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'servicse: []' | 'F, line 1, column 1: ''servicse'' is no key of the file; did you mean services?'",
        "'services:~  - tcp: 10.0.0.1:80~    schedular: rr' | 'line 3, column 5: ''schedular'' is no key of a service; "
            + "did you mean scheduler?'",
        "'services: [{tcp: 10.0.0.1:80, scheduler: wrrr}]' | did you mean wrr?",
        "'services: [{tcp: 10.0.0.1:99999}]' | is no address and port",
        "'services: [{tcp: 10.0.0.1}]' | has to be persistent",
        "'services: [{scheduler: rr}]' | a service has one of tcp",
        "'services: [{tcp: 10.0.0.1:80}, {tcp: 10.0.0.1:80}]' | tcp 10.0.0.1:80 is there twice",
        "'services: [{tcp: 10.0.0.1:80, tcp: 10.0.0.1:80}]' | '''tcp'' is there twice'",
        "'services: [{tcp: 10.0.0.1:80, one-packet: true}]' | for UDP only",
        "'services: [{tcp: 10.0.0.1:80, servers: [{server: 10.0.1.1:81}]}]' | packets keep their port 80",
        "'services: [{tcp: 10.0.0.1:80, servers: [{server: 224.0.0.1}]}]' | no address that a real server can have",
        "'services: [{tcp: 10.0.0.1:80, servers: [{server: 10.0.1.1, weight: -1}]}]' | takes a number from 0",
        "'services: [{tcp: 10.0.0.1:80, servers: [{server: 10.0.1.1, method: nta}]}]' | did you mean nat?",
        "'services: [{tcp: 10.0.0.1:80, servers: [{server: 10.0.1.1, lower: 5}]}]' | above the upper one",
        "'services: [{tcp: 10.0.0.1:80, servers: [{server: 10.0.1.1, method: tun, tun-type: gue}]}]' | has a tun-port",
        "'services: [{tcp: 10.0.0.1:80, servers: 7}]' | takes a list",
        "'services: {}' | takes a list",
        "'interfaces: eth0' | takes a list",
        "'interfaces: []' | names none",
        "'interfaces: [[a]]' | is the name of one interface",
        "'interfaces: [a, ''b,c'']' | is the name of one interface",
        "'run: {conections: 1M}' | did you mean connections?",
        "'run: {interfaces: [a]}' | is no key of run",
        "'run: {cores: [1, 2]}' | takes one value",
        "'run: 7' | run is written as KEY: VALUE",
        "'sysctls: {drop_pakcet: 1}' | did you mean drop_packet?",
        "'sysctls: {drop_packet: 9}' | takes 0 to 3",
        "'timeouts: {tcp: 0}' | takes a number from 1 to 2678400",
        "'marks: [{mark: 1}]' | needs --destination",
        "'services: [' | 'line 1, column 12: this is no YAML'",
        "'a: &x [1]~b: *x' | several places by an alias",
        "'- 1' | the file is written as KEY: VALUE",
    })
    void mistakesAreToldWithTheirPlace(final String text, final String words) {
        final RefusedException refused = assertThrows(RefusedException.class,
            () -> StateReader.read(text.replace('~', '\n'), "F"));
        assertTrue(refused.getMessage().contains(words), refused::getMessage);
    }

    @Test
    void onlyOneDirectorHasAStateFile(@TempDir final Path folder) {
        final Path path = folder.resolve("new/state.yaml");
        final StateFile.Claim first = new StateFile(path).claim();
        final RefusedException refused = assertThrows(RefusedException.class, () -> new StateFile(path).claim());
        assertTrue(refused.getMessage().startsWith("Another director that is running saves its state in " + path),
            refused::getMessage);
        first.close();
        new StateFile(path).claim().close();
    }

    @Test
    void aStateFileSaysNothingAboutTheStart(@TempDir final Path folder) throws IOException {
        final Path path = Files.writeString(folder.resolve("state.yaml"), "interfaces: [eth0]\n# The end.\n");
        final RefusedException refused = assertThrows(RefusedException.class, () -> new StateFile(path).load());
        assertTrue(refused.getMessage().contains("belong into the file of --config"), refused::getMessage);
    }

    /** Services that were made by commands are not deleted by a file that names interfaces only. */
    @Test
    void aFileAboutTheStartAloneChangesNothing() {
        final ServiceTable table = random(new Random(7));
        final State wanted = StateReader.read("interfaces: [eth0, eth1]\nrun:\n  connections: 2M\n", "F");
        assertTrue(wanted.onlyStart());
        assertEquals(new Start.Word("2M", 3, 16), wanted.start().orElseThrow().options().get("connections"));
        assertEquals("eth0,eth1", wanted.start().orElseThrow().options().get("interfaces").text());
        assertTrue(Changes.between(State.of(table), wanted).isEmpty());
        final State more = StateReader.read("interfaces: [eth0]\nservices: []\n", "F");
        assertTrue(Changes.between(State.of(table), more).count() > 0);
    }

    @Test
    void thePageHasEveryKeyAndItsExampleIsRight() throws IOException {
        final String page = Files.readString(PAGE);
        for (final Key key : Key.values()) {
            final Pattern row = Pattern.compile("(?m)^\\| [^|]*`" + key.word() + "`[^|]* \\|");
            assertTrue(row.matcher(page).find(), key.word() + " is missing in docs/config.md");
        }
        final int start = page.indexOf("```yaml\n") + 8;
        assertEquals(3, StateReader.read(page.substring(start, page.indexOf("```", start)), "docs").services().size());
    }
}
