package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.control.HostAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What lookup finds. */
@Timeout(600)
class LookupCommandTest {
    private static final HostAddress CLIENT = HostAddress.ipv4(0x0a090101);
    private final ServedDirector director = ServedDirector.start();

    @BeforeEach
    void connections() {
        director.run("-A -t 10.0.0.1:80 -s rr -p 300\n-a -t 10.0.0.1:80 -r 10.0.1.1:8080 -m\n"
            + "-A -u 10.0.0.1:53 -s rr\n-a -u 10.0.0.1:53 -r 10.0.1.2 -g\n", 0, "ipvsadm-restore");
        director.dataplane().connections.add(visitor -> {
            visitor.connection(CLIENT, 4000, 1, 1, "ESTABLISHED", 890);
            visitor.connection(HostAddress.ipv4(0x0a090102), 4000, 1, 1, "ESTABLISHED", 890);
        });
        director.dataplane().connections.add(visitor -> {
            visitor.connection(CLIENT, 0, 1, 1, "NONE", 250);
            visitor.connection(CLIENT, 4001, 2, 2, "UDP", 300);
        });
    }

    @AfterEach
    void close() {
        director.close();
    }

    @Test
    void allOfAClient() {
        assertEquals(List.of("proto state ends in client service real server",
                "TCP ESTABLISHED 14m 50s 10.9.1.1:4000 10.0.0.1:80 10.0.1.1:8080",
                "TCP NONE 4m 10s 10.9.1.1:0 10.0.0.1:80 10.0.1.1:8080 template",
                "UDP UDP 5m 10.9.1.1:4001 10.0.0.1:53 10.0.1.2:53"),
            director.run("lookup", "10.9.1.1").out().lines().map(line -> line.replaceAll(" +", " ")).toList());
    }

    @Test
    void onlyWhatIsAskedFor() {
        assertEquals("{\"protocol\":\"UDP\",\"state\":\"UDP\",\"expireSec\":300,\"client\":\"10.9.1.1:4001\","
            + "\"service\":\"10.0.0.1:53\",\"realServer\":\"10.0.1.2:53\",\"template\":false}\n",
            director.run("lookup", "10.9.1.1:4001", "--json").out());
        assertEquals(director.run("lookup", "10.9.1.1:4001").out(),
            director.run("lookup", "10.9.1.1", "--service", "10.0.0.1:53/udp").out());
        assertEquals(director.run("lookup", "10.9.1.1:4001").out(),
            director.run("lookup", "10.9.1.1", "--real-server", "10.0.1.2").out());
        assertEquals(new ServedDirector.Answer(1, "", "No connection of 10.9.1.1 at 10.0.1.2:80.\n"),
            director.run("lookup", "10.9.1.1", "--real-server", "10.0.1.2:80"));
    }
}
