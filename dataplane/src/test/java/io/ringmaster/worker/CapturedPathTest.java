package io.ringmaster.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * What is tested of the packet path holds while a capture of everything runs, to the packet, and the capture saw every
 * packet as it came and as it left ({@link CaptureWatch}).
 */
class CapturedPathTest {
    private static final Class<?>[] TESTS = {ConnectionLifeTest.class, CutPacketsTest.class, ForwardingTest.class,
        FragmentsLeaveTest.class, FragmentsTest.class, FtpTest.class, HandBackTest.class,
        IcmpErrorsOnTheirWayTest.class, MarksTest.class, NoAllocationTest.class, OnePacketTest.class,
        OtherProtocolsTest.class, PacketEndsTest.class, SctpTest.class, TunnelErrorsTest.class, VlansTest.class};
    private static final int LEAST_TESTS = 100;

    @Test
    void everythingHoldsWhileACaptureRuns() {
        final SummaryGeneratingListener listener = new SummaryGeneratingListener();
        System.setProperty(CaptureWatch.PROPERTY, "true");
        try {
            LauncherFactory.create().execute(LauncherDiscoveryRequestBuilder.request()
                .selectors(Stream.of(TESTS).map(test -> selectClass(test)).toList()).build(), listener);
        } finally {
            System.clearProperty(CaptureWatch.PROPERTY);
        }
        final StringWriter failures = new StringWriter();
        listener.getSummary().printFailuresTo(new PrintWriter(failures));
        assertEquals(0, listener.getSummary().getTotalFailureCount(), failures::toString);
        assertTrue(listener.getSummary().getTestsSucceededCount() >= LEAST_TESTS,
            () -> listener.getSummary().getTestsSucceededCount() + " tests");
    }
}
