package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.FakeDataplane;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.ServiceTable;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ringmaster mark} takes, shows and refuses. */
class MarkCommandTest {
    private static final String WEB = "--destination 10.5.0.0/16 --protocol tcp --port 80,443,8000-8999 --mark 1";
    private final ServedDirector director = ServedDirector.start();
    private final FakeDataplane dataplane = director.dataplane();
    private final ServiceTable table = director.table();

    @AfterEach
    void close() {
        director.close();
    }

    private ServedDirector.Answer run(final String words) {
        return director.run(("mark " + words).strip().split(" "));
    }

    private void taken(final String words) {
        final ServedDirector.Answer reply = run(words);
        assertEquals(0, reply.exit(), reply.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--destination 10.5.0.0/16 --mark 1 | --destination 10.5.0.0/16 --mark 1",
        "-d 10.5.3.4/16 -m 0xff | --destination 10.5.0.0/16 --mark 255",
        "-d fd05::77/64 -p tcp --port 80 -m 1 | --destination fd05::/64 --protocol tcp --port 80 --mark 1",
        "-d ::/0 -s fd09::1 -m 1 | --destination ::/0 --source fd09::1/128 --mark 1",
        "--mark=4294967295 --destination=10.5.0.1 | --destination 10.5.0.1/32 --mark 4294967295",
        "-d 0.0.0.0/0 -p tcp --port 80 -m 1 | --destination 0.0.0.0/0 --protocol tcp --port 80 --mark 1",
        "-d 10.5.0.0/16 -s 192.168.0.0/24 -i lo -p udp --port 53,1000:2000 -m 7 | --destination 10.5.0.0/16 --source "
            + "192.168.0.0/24 --interface lo --protocol udp --port 53,1000-2000 --mark 7",
        "-d 10.5.0.0/16 -p sctp --port 0-65535 -m 1 | --destination 10.5.0.0/16 --protocol sctp --mark 1"})
    void whatIsListedAddsAndDeletesTheSameRule(final String words, final String listed) {
        taken("add " + words);
        assertEquals(listed + "\n", run("list").out());
        assertTrue(run("add " + listed).err().startsWith("There is such a rule already"));
        taken("del " + listed);
        assertEquals("", run("list").out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "add", "del", "list all", "change -m 1"})
    void whatSaysNothingOfARuleIsAUsageError(final String words) {
        final ServedDirector.Answer reply = run(words);
        assertEquals(2, reply.exit());
        assertTrue(reply.err().contains("\nTry 'ringmaster mark"), reply.err());
        assertEquals(List.of(), dataplane.views);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "add --mark 1 | Missing required option: '--destination=PREFIX'",
        "add --destination 10.5.0.0/16 | Missing required option: '--mark=MARK'",
        "add -d 10.5.0.0/33 -m 1 | '10.5.0.0/33' has no length of 0 to 32 behind its slash",
        "add -d 10.5.0.0/ -m 1 | '10.5.0.0/' has no length of 0 to 32 behind its slash",
        "add -d 10.5/16 -m 1 | '10.5/16' is no address and no prefix such as 10.5.0.0/16",
        "add -d 10.5.0.256/16 -m 1 | '10.5.0.256/16' is no address and no prefix such as 10.5.0.0/16",
        "add -d fd05::/129 -m 1 | 'fd05::/129' has no length of 0 to 128 behind its slash",
        "add -d fd05::/64 -s 10.0.0.0/8 -m 1 | --source and --destination are of different families",
        "add -d ::ffff:10.5.0.1 -m 1 | ::ffff:10.5.0.1 is an IPv4 address in an IPv6 form that no packet has (RFC "
            + "4291, 2.5.5.2): write it as 10.5.0.1",
        "add -d 10.5.0.0/16 -m 0 | '0' is no mark; it is a number from 1 to 4294967295",
        "add -d 10.5.0.0/16 -m 4294967296 | '4294967296' is no mark; it is a number from 1 to 4294967295",
        "add -d 10.5.0.0/16 -m -1 | '-1' is no mark; it is a number from 1 to 4294967295",
        "add -d 10.5.0.0/16 -p icmp -m 1 | 'icmp' is no protocol of virtual services; they are tcp, udp and sctp",
        "add -d 10.5.0.0/16 --port 80 -m 1 | --port needs --protocol, since ports of one are not those of another",
        "add -d 10.5.0.0/16 -p tcp --port 80, -m 1 | '' in --port is no port and no range of ports such as 8000-8999",
        "add -d 10.5.0.0/16 -p tcp --port 9-8 -m 1 | '9-8' in --port is no range of ports from 0 to 65535, the lower "
            + "one first",
        "add -d 10.5.0.0/16 -p tcp --port 65536 -m 1 | '65536' in --port is no range of ports from 0 to 65535, the "
            + "lower one first",
        "add -d 10.5.0.0/16 -i nowhere0 -m 1 | There is no interface 'nowhere0'",
        "add -d 10.5.0.0/16 -m | Missing required parameter for option '--mark' (MARK)",
        "add -d 10.5.0.0/16 -m 1 -j MARK | Unknown options: '-j', 'MARK'"})
    void whatIsNoRuleIsRefusedInASentence(final String words, final String sentence) {
        final ServedDirector.Answer reply = run(words);
        assertEquals(2, reply.exit());
        assertTrue(reply.err().startsWith(sentence), reply.err());
        assertEquals("", run("list").out());
        assertEquals(List.of(), dataplane.views);
    }

    @Test
    void whatIsNotThereCannotBeDeleted() {
        assertEquals(new ServedDirector.Answer(1, "", "There is no such rule; nothing was changed. ringmaster mark "
            + "list shows all.\n"), run("del -d 10.5.0.0/16 -m 1"));
        assertEquals(List.of(), dataplane.views);
    }

    @Test
    void portsMayBeGivenSeveralTimes() {
        taken("add -d 10.5.0.0/16 -p tcp --port 80 --port 443,8000-8999 -m 1");
        assertEquals(WEB + "\n", run("list").out());
        assertEquals("{\"deleted\":\"" + WEB + "\"}\n", run("del --json " + WEB).out());
    }

    @Test
    void otherWordsAreAnsweredByTheUsage() {
        for (final String words : List.of("", "show", "list --text", "list a b")) {
            assertEquals(2, run(words).exit(), words);
        }
    }

    @Test
    void theProgramTakesPacketsOfMarksThatHaveAServiceAndOfNoOthers() {
        final ServiceId service = ServiceId.ofMark(1, false);
        taken("add " + WEB);
        assertEquals(List.of("view 1"), dataplane.events);
        table.addService(service, ServiceSettings.of("rr"));
        table.onTick(0);
        taken("add -d 10.6.0.0/16 -m 2");
        assertEquals(List.of("view 1", "view 2", "open mark 80-80", "open mark 443-443", "open mark 8000-8999",
            "view 3"), dataplane.events);
        dataplane.events.clear();
        table.deleteService(service);
        // Closed before the view that forgets it, or packets would come for which there is nothing.
        assertEquals(List.of("close mark 80-80", "close mark 443-443", "close mark 8000-8999", "view 4"),
            dataplane.events);
    }

    @Test
    void thereIsRoomForSoManyRanges() {
        for (int i = 0; i < 256; i++) {
            taken("add -d 10.5.0." + i + " -m 1");
        }
        assertEquals("All rules together would have 257 ranges of ports, and 256 are possible; nothing was changed. "
            + "Delete rules or give wider ranges.", run("add -d 10.6.0.0/16 -m 1").err().strip());
    }

    @Test
    void forPrograms() {
        taken("add " + WEB);
        assertEquals("[{\"destination\":\"10.5.0.0/16\",\"source\":\"0.0.0.0/0\",\"interface\":\"\",\"protocol\":"
            + "\"tcp\",\"ports\":\"80,443,8000-8999\",\"mark\":1,\"service\":false}]\n", run("list --json").out());
    }
}
