package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.RealServer;
import io.ringmaster.control.ServerSettings;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.Tunnel;
import io.ringmaster.control.VirtualService;
import io.ringmaster.service.ForwardingMethod;
import java.util.Collection;

/** {@code ipvsadm -S}: the table as rules that -R takes. */
final class Rules {
    private Rules() {
    }

    /** One line for each service and each real server, in listing order. */
    static String of(final Collection<VirtualService> services, final EntryText texts) {
        final StringBuilder out = new StringBuilder();
        for (final VirtualService service : Order.services(services)) {
            final String option = texts.serviceOption(service.id());
            out.append("-A ").append(option).append(settings(service)).append('\n');
            for (final RealServer server : Order.servers(service.servers())) {
                out.append("-a ").append(option).append(" -r ")
                    .append(texts.place(server.id().address(), server.id().port(), service.id().protocol()))
                    .append(settings(server.settings())).append('\n');
            }
        }
        return out.toString();
    }

    private static String settings(final VirtualService service) {
        final ServiceSettings settings = service.settings();
        final StringBuilder text = new StringBuilder(" -s ").append(settings.scheduler());
        if (settings.persistent()) {
            final String mask = EntryText.mask(service);
            text.append(" -p ").append(settings.persistSec()).append(mask.isEmpty() ? "" : " -M " + mask);
        }
        text.append(settings.engine().isEmpty() ? "" : " --pe " + settings.engine());
        text.append(settings.onePacket() ? " -o" : "");
        final String flags = EntryText.flags(settings);
        return text.append(flags.isEmpty() ? "" : " -b " + flags).toString();
    }

    /** With thresholds, which ipvsadm 1.31 forgets, so that a saved table is the whole table. */
    private static String settings(final ServerSettings settings) {
        final String text = " " + settings.method().option() + " -w " + settings.weight()
            + (settings.upper() == 0 ? "" : " -x " + settings.upper())
            + (settings.lower() == 0 ? "" : " -y " + settings.lower());
        if (settings.method() != ForwardingMethod.TUNNELING) {
            return text;
        }
        final Tunnel tunnel = settings.tunnel();
        return text + " --tun-type " + tunnel.type().word() + switch (tunnel.type()) {
            case IPIP -> "";
            case GUE -> " --tun-port " + tunnel.port() + " " + tunnel.checksum().option();
            case GRE -> " " + tunnel.checksum().option();
        };
    }
}
