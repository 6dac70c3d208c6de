package io.ringmaster.cli.ipvsadm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.RealServer;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.Statistics;
import io.ringmaster.control.Tunnel;
import io.ringmaster.control.VirtualService;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.stats.ServerCounters;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;

/**
 * {@code ipvsadm -L --json}: services and real servers with all that is known of them, whatever else was asked for.
 * Names are never shortened or changed, only added to. Numbers are numbers, addresses and ports are numeric.
 */
final class ListingJson {
    private static final JsonFactory JSON = new JsonFactory();
    /** Names of {@link ServerCounters#CONNECTIONS} to {@link ServerCounters#OUT_BYTES}. */
    private static final List<String> COUNTERS = List.of("connections", "inPackets", "outPackets", "inBytes",
        "outBytes");

    private final JsonGenerator json;

    private ListingJson(final JsonGenerator json) {
        this.json = json;
    }

    /** A line with all of these services. */
    static String of(final CommandLine line, final Collection<VirtualService> services, final long capacity) {
        return written(json -> {
            json.writeStartObject();
            json.writeStringField("version", "1.2.1");
            json.writeNumberField("size", capacity);
            json.writeArrayFieldStart("services");
            final ListingJson listing = new ListingJson(json);
            for (final VirtualService service : line.has(Option.NOSORT) ? services : Order.services(services)) {
                listing.write(service, line.has(Option.NOSORT));
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static String written(final Part part) {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            part.write(json);
        } catch (final IOException e) {
            throw new UncheckedIOException("a writer in memory does not fail", e);
        }
        return text.append('\n').toString();
    }

    private void write(final VirtualService service, final boolean asAdded) throws IOException {
        final ServiceId id = service.id();
        final ServiceSettings settings = service.settings();
        json.writeStartObject();
        if (id.marked()) {
            json.writeNumberField("mark", Integer.toUnsignedLong(id.mark()));
            json.writeStringField("family", id.address().ipv6() ? "IPv6" : "IPv4");
        } else {
            json.writeStringField("protocol", id.word());
            place(id.address(), id.port());
        }
        json.writeStringField("scheduler", settings.scheduler());
        final String flags = EntryText.flags(settings);
        json.writeFieldName("flags");
        final String[] words = flags.isEmpty() ? new String[0] : flags.split(",");
        json.writeArray(words, 0, words.length);
        json.writeNumberField("persistSec", settings.persistSec());
        if (id.address().ipv6()) {
            json.writeNumberField("netmask", settings.netmask());
        } else {
            json.writeStringField("netmask", HostAddress.ipv4(settings.netmask()).toString());
        }
        json.writeStringField("engine", settings.engine());
        json.writeBooleanField("onePacket", settings.onePacket());
        write(service.statistics());
        json.writeArrayFieldStart("servers");
        for (final RealServer server : asAdded ? service.servers() : Order.servers(service.servers())) {
            write(server);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(final RealServer server) throws IOException {
        json.writeStartObject();
        place(server.id().address(), server.id().port());
        json.writeStringField("method", server.settings().method().word());
        json.writeNumberField("weight", server.settings().weight());
        json.writeNumberField("upper", server.settings().upper());
        json.writeNumberField("lower", server.settings().lower());
        json.writeNumberField("active", server.statistics().active());
        json.writeNumberField("inactive", server.statistics().inactive());
        json.writeNumberField("persistent", server.statistics().persistent());
        if (server.settings().method() == ForwardingMethod.TUNNELING) {
            final Tunnel tunnel = server.settings().tunnel();
            json.writeObjectFieldStart("tunnel");
            json.writeStringField("type", tunnel.type().word());
            json.writeNumberField("port", tunnel.port());
            json.writeStringField("checksum", tunnel.checksum().option().substring("--tun-".length()));
            json.writeEndObject();
        }
        write(server.statistics());
        json.writeEndObject();
    }

    private void place(final HostAddress address, final int port) throws IOException {
        json.writeStringField("address", address.toString());
        json.writeNumberField("port", port);
    }

    private void write(final Statistics statistics) throws IOException {
        json.writeObjectFieldStart("total");
        for (int i = 0; i < COUNTERS.size(); i++) {
            json.writeNumberField(COUNTERS.get(i), statistics.total(ServerCounters.CONNECTIONS + i));
        }
        json.writeEndObject();
        json.writeObjectFieldStart("perSecond");
        for (int i = 0; i < COUNTERS.size(); i++) {
            json.writeNumberField(COUNTERS.get(i), statistics.rate(ServerCounters.CONNECTIONS + i));
        }
        json.writeEndObject();
    }

    /** Writes something into a line. */
    @FunctionalInterface
    private interface Part {
        void write(JsonGenerator json) throws IOException;
    }
}
