package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.netlink.Ethtool;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.sys.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The trap of every first try with veths: checksums that the sender left to hardware which is not there. */
class UnfinishedChecksumIT {
    private static final String WARNING = "Warning (unfinished-checksum)";

    @Test
    void theDirectorSaysOnceWhatIsWrong() throws Exception {
        try (Lab lab = Lab.with(DemoNetwork.Options.defaults())) {
            final ForwardingMethod nat = ForwardingMethod.MASQUERADING;
            lab.service("-t", nat, "rr", 1, 1, 1);
            assertEquals(List.of(), lab.http(nat).get(100, 4, number -> 10).failures());
            Thread.sleep(1_500);
            assertEquals(0, warnings(lab), lab.director()::said);

            setTxChecksum(lab, true);
            lab.network().in(lab.network().client(), () -> {
                connectInVain(lab.vip(nat));
                return null;
            });
            assertTrue(RunningDirector.await(() -> warnings(lab) > 0), lab.director()::said);
            lab.network().in(lab.network().client(), () -> {
                connectInVain(lab.vip(nat));
                return null;
            });
            Thread.sleep(2_500);
            assertEquals(1, warnings(lab), lab.director()::said);
            assertTrue(lab.director().said().contains("ethtool -K"), "and what to do about it");

            setTxChecksum(lab, false);
            assertEquals(List.of(), lab.http(nat).get(10, 1, number -> 10).failures());
            lab.assertSound();
        }
    }

    /** Of the client and of the switch's port before the director: any without it finishes checksums. */
    private static void setTxChecksum(final Lab lab, final boolean on) {
        NetworkNamespace.run(lab.network().client(), () -> Ethtool.setTxChecksum(DemoNetwork.ETH0, on));
        NetworkNamespace.run(lab.network().switchboard(), () -> Ethtool.setTxChecksum(DemoNetwork.FRONT, on));
    }

    private static long warnings(final Lab lab) {
        return lab.director().said().lines().filter(line -> line.contains(WARNING)).count();
    }

    private static void connectInVain(final String vip) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(vip, 80), 500);
            throw new AssertionError("the real server took a segment with an unfinished checksum");
        } catch (final SocketTimeoutException e) {
            // As it must be: the real server throws such segments away.
        }
    }
}
