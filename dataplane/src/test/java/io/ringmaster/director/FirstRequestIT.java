package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.DemoServer;
import io.ringmaster.demo.HttpLoad;
import io.ringmaster.service.ForwardingMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shortest test that proves the most: one request through a director that is a process of its own. */
class FirstRequestIT {
    @Test
    void aRequestIsAnsweredThroughTheDirector() {
        Needs.root();
        try (DemoNetwork network = DemoNetwork.create(DemoNetwork.Options.defaults());
             DemoServer _ = DemoServer.start(network, 1);
             RunningDirector director = RunningDirector.start(network)) {
            final String vip = network.vip(ForwardingMethod.MASQUERADING);
            director.ipvsadm("-A", "-t", vip + ":80", "-s", "rr");
            director.ipvsadm("-a", "-t", vip + ":80", "-r", network.rip(1) + ":8080", "-m");
            assertEquals(List.of(), new HttpLoad(network, vip, 80).get(3, 1, number -> 1000 * number).failures(),
                director::said);
            assertEquals(143, director.stop(), director::said);
        }
    }
}
