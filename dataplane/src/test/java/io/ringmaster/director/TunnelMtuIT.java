package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.LoadResult;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tunnel through a network that has no room for its header: senders are told, and TCP makes do with less. */
class TunnelMtuIT {
    private static final ForwardingMethod TUN = ForwardingMethod.TUNNELING;
    private static final int UPLOAD_BYTES = 5_000_000;
    private static final int ROOM_BYTES = 1_480;
    /** What fits the client's side exactly, and no tunnel. */
    private static final int TOO_BIG_BYTES = 1_472;

    @Test
    void sendersOfPacketsThatAreTooBigAreToldByTheVip() throws IOException {
        try (Lab lab = Lab.with(DemoNetwork.Options.defaults().withServerMtu(1_500));
             WireTap tap = new WireTap(lab.network(), List.of("client"), WireTap.Frame::isFragmentationNeeded)) {
            lab.service("-t", TUN, "rr", 1, 1, 1);
            final LoadResult upload = lab.http(TUN).post(1, 1, number -> UPLOAD_BYTES);
            Full.tell("5 MB upload through a tunnel over an MTU of 1500", upload);
            assertEquals(1, upload.answered(), () -> upload.failures() + lab.director().said());
            final List<WireTap.Frame> told = tap.kept();
            assertFalse(told.isEmpty(), "the client was told");
            assertSays(lab, told);

            // What the client learned is for its address's routes: forgotten, so that datagrams begin anew.
            lab.network().exec(lab.network().client(), "ip", "route", "flush", "cache");
            lab.service("-u", TUN, "rr", 1);
            lab.network().in(lab.network().client(), () -> {
                largeDatagram(lab);
                return null;
            });
            final List<WireTap.Frame> toldAgain = tap.kept();
            assertTrue(toldAgain.size() > told.size(), "told about the datagram, too");
            assertSays(lab, toldAgain);
            lab.assertSound();
        }
    }

    private static void assertSays(final Lab lab, final List<WireTap.Frame> errors) {
        for (final WireTap.Frame error : errors) {
            assertEquals(lab.vip(TUN), error.source(), error::toString);
            assertEquals(ROOM_BYTES, error.at(6), "the MTU that is left beside a tunnel header");
        }
    }

    private static boolean isEchoed(final DatagramSocket socket, final InetSocketAddress vip,
                                    final DatagramPacket reply) {
        try {
            socket.send(new DatagramPacket(new byte[1_000], 1_000, vip));
            socket.receive(reply);
            return true;
        } catch (final IOException e) {
            return false;
        }
    }

    /** The first one is lost with an error, which Linux tells the sender; then datagrams are fragments or smaller. */
    private static void largeDatagram(final Lab lab) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(lab.network().clientAddress(0), 0))) {
            socket.setSoTimeout(500);
            final InetSocketAddress vip = new InetSocketAddress(lab.vip(TUN), 80);
            socket.send(new DatagramPacket(new byte[TOO_BIG_BYTES], TOO_BIG_BYTES, vip));
            final DatagramPacket reply = new DatagramPacket(new byte[2000], 2000);
            try {
                socket.receive(reply);
                throw new AssertionError("a packet of 1,500 bytes came through a tunnel of 1,480");
            } catch (final SocketTimeoutException e) {
                // As it must be: too big, not to be fragmented.
            }
            assertTrue(RunningDirector.await(() -> isEchoed(socket, vip, reply)), "a smaller one comes through");
            assertEquals(1_000, reply.getLength());
        }
    }
}
