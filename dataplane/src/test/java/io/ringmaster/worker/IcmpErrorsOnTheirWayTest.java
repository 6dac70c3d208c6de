package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.CLIENT;
import static io.ringmaster.worker.Story.RIP;
import static io.ringmaster.worker.Story.RS;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;

import io.ringmaster.stats.Counter;
import org.junit.jupiter.api.Test;

/** ICMP errors about connections, beside those in the recordings. */
class IcmpErrorsOnTheirWayTest {
    private static byte[] aboutReply() {
        return Frames.icmp(CLIENT_ROUTER, MAC_0, "10.9.1.254", "10.1.0.100", 3, 4, 1300,
            Frames.tcp(MAC_0, CLIENT_ROUTER, VIP, CLIENT, ACK, 100));
    }

    private static byte[] aboutClientsPacket() {
        return Frames.icmp(RS, MAC_0, "10.2.0.11", "10.9.1.1", 3, 3, 0,
            Frames.tcp(MAC_0, RS, CLIENT, RIP, ACK, 100));
    }

    @Test
    void masqueradedBothWays() {
        try (Story story = Story.of("-m")) {
            story.director.send(0, fromClient(SYN));
            story.then(aboutReply(), Counter.SENT_ICMP_RELAYED,
                    "000001>02000b ttl=63 len=56 icmp 3/4 mtu=1300 10.9.1.254>10.2.0.11")
                .then(aboutClientsPacket(), Counter.SENT_ICMP_RELAYED,
                    "000001>0100fe ttl=63 len=56 icmp 3/3 mtu=0 10.1.0.100>10.9.1.1")
                .then(Frames.timeToLive(aboutReply(), 1), Counter.DROP_TTL)
                .then(Frames.timeToLive(aboutClientsPacket(), 1), Counter.DROP_TTL);
        }
    }

    @Test
    void directlyRoutedAndTunneled() {
        try (Story story = Story.of("-g")) {
            story.director.send(0, fromClient(SYN));
            story.then(aboutReply(), Counter.SENT_ICMP_RELAYED,
                "000001>02000b ttl=63 len=56 icmp 3/4 mtu=1300 10.9.1.254>10.1.0.100");
        }
        try (Story story = Story.of("-i")) {
            story.director.send(0, fromClient(SYN));
            story.then(aboutReply(), Counter.SENT_ICMP_RELAYED, "000001>02000b ttl=63 len=76 ipip "
                + "10.2.0.1>10.2.0.11 [ttl=63 len=56 icmp 3/4 mtu=1300 10.9.1.254>10.1.0.100]");
        }
    }

    @Test
    void aboutNothingOfOurs() {
        try (Story story = Story.of("-m")) {
            story.then(aboutReply(), Counter.BACK_ICMP).then(aboutClientsPacket(), Counter.BACK_ICMP);
            story.director.send(0, fromClient(SYN));
            story.then(Frames.icmp(CLIENT_ROUTER, MAC_0, "10.9.1.1", "10.1.0.100", 8, 0, 0, fromClient(SYN)),
                Counter.BACK_ICMP);
        }
    }

    @Test
    void aboutARemovedRealServersConnection() {
        try (Story story = Story.of("-m")) {
            story.director.send(0, fromClient(SYN));
            story.rules("-d -t " + VIP + " -r " + RIP)
                .then(aboutReply(), Counter.SENT_ICMP_RELAYED,
                    "000001>02000b ttl=63 len=56 icmp 3/4 mtu=1300 10.9.1.254>10.2.0.11")
                .then(aboutClientsPacket(), Counter.SENT_ICMP_RELAYED,
                    "000001>0100fe ttl=63 len=56 icmp 3/3 mtu=0 10.1.0.100>10.9.1.1");
        }
    }

    @Test
    void withAWrongChecksum() {
        try (Story story = Story.of("-m")) {
            story.director.send(0, fromClient(SYN));
            final byte[] one = aboutReply();
            one[one.length - 1] ^= 1;
            final byte[] other = aboutClientsPacket();
            other[other.length - 1] ^= 1;
            story.then(one, Counter.DROP_BAD_CHECKSUM).then(other, Counter.DROP_BAD_CHECKSUM);
        }
    }
}
