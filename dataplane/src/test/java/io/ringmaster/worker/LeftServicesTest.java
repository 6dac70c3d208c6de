package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.CLIENT;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;

import io.ringmaster.stats.Counter;
import org.junit.jupiter.api.Test;

/** Connections of a deleted service, beside those in the recordings. */
class LeftServicesTest {
    private static final String OTHER = "-A -t 10.1.0.101:80 -s rr";
    private static final String NEWCOMER = "10.9.1.2:4000";

    /** A service with a connection, which is deleted then. */
    private static Story left(final String... others) {
        final Story story = Story.of("-m").rules(others);
        story.director.send(0, fromClient(SYN));
        return story.rules("-D -t " + VIP);
    }

    @Test
    void theirPacketsAreDroppedAndOthersAreTheHosts() {
        try (Story story = left(OTHER)) {
            story.then(fromClient(ACK), Counter.DROP_REAL_SERVER_REMOVED)
                .then(fromClient(SYN), Counter.DROP_REAL_SERVER_REMOVED)
                .then(fromClient(NEWCOMER, SYN), Counter.BACK_NO_CONNECTION);
        }
    }

    @Test
    void withTheFamilysLastServiceAllAreTheHosts() {
        try (Story story = left(OTHER, "-A -t [fd01::100]:80 -s rr")) {
            story.then(fromClient(ACK), Counter.DROP_REAL_SERVER_REMOVED)
                .rules("-D -t 10.1.0.101:80").then(fromClient(ACK), Counter.BACK_REAL_SERVER)
                .rules(OTHER).then(fromClient(ACK), Counter.DROP_REAL_SERVER_REMOVED);
        }
    }

    @Test
    void anErrorForANewcomerMakesNoConnection() {
        try (Story story = left(OTHER).set("net.ipv4.vs.schedule_icmp=1")) {
            story.then(Frames.icmp(CLIENT_ROUTER, MAC_0, "10.9.1.254", "10.1.0.100", 3, 4, 1300,
                Frames.tcp(MAC_0, CLIENT_ROUTER, VIP, NEWCOMER, ACK, 100)), Counter.BACK_ICMP);
        }
    }

    @Test
    void aServiceOfAllPortsOfTheAddressTakesWhatIsNew() {
        try (Story story = left("-A -t 10.1.0.100:0 -s rr -p 300", "-a -t 10.1.0.100:0 -r 10.2.0.12:0 -g")) {
            story.then(fromClient(NEWCOMER, SYN), Counter.SENT_TO_REAL_SERVER,
                "000001>02000c ttl=63 len=40 tcp " + NEWCOMER + ">" + VIP);
        }
    }

    @Test
    void aServiceOfAnAddressTakesWhatADeletedMarksWouldBe() {
        try (Story story = new Story(OTHER, "-a -t 10.1.0.101:80 -r 10.2.0.12:80 -g", "-A -f 7 -s rr",
            "-a -f 7 -r 10.2.0.11 -g").mark("add --destination 10.1.0.101 --protocol tcp --port 80 --mark 7")) {
            final byte[] syn = Frames.tcp(CLIENT_ROUTER, MAC_0, CLIENT, "10.1.0.101:80", SYN, 0);
            final byte[] other = Frames.tcp(CLIENT_ROUTER, MAC_0, NEWCOMER, "10.1.0.101:80", SYN, 0);
            story.director.send(0, syn);
            story.rules("-D -f 7").then(other, Counter.SENT_TO_REAL_SERVER,
                "000001>02000c ttl=63 len=40 tcp " + NEWCOMER + ">10.1.0.101:80");
        }
    }

    @Test
    void theServiceComesBackWithThem() {
        try (Story story = left(OTHER).rules("-A -t " + VIP + " -s rr")) {
            story.then(fromClient(ACK), Counter.DROP_REAL_SERVER_REMOVED)
                .rules("-a -t " + VIP + " -r " + Story.RIP + " -m")
                .then(fromClient(ACK), Counter.SENT_TO_REAL_SERVER,
                    "000001>02000b ttl=63 len=40 tcp " + CLIENT + ">" + Story.RIP);
        }
    }
}
