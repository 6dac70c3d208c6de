package io.ringmaster.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.sys.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every number of the flyweights against the kernel's headers, as a C compiler sees them. */
class KernelHeadersTest {
    private static final Map<String, Long> OURS = new LinkedHashMap<>();

    private static void same(final String expression, final long ours) {
        OURS.put(expression, ours);
    }

    private static void header() {
        same("sizeof(struct nlmsghdr)", NetlinkHeader.BYTES);
        same("offsetof(struct nlmsghdr, nlmsg_len)", NetlinkHeader.LENGTH);
        same("offsetof(struct nlmsghdr, nlmsg_type)", NetlinkHeader.TYPE);
        same("offsetof(struct nlmsghdr, nlmsg_flags)", NetlinkHeader.FLAGS);
        same("offsetof(struct nlmsghdr, nlmsg_seq)", NetlinkHeader.SEQUENCE);
        same("offsetof(struct nlmsghdr, nlmsg_pid)", NetlinkHeader.PORT);
        same("offsetof(struct nlmsgerr, msg)", NetlinkHeader.ERROR_QUOTE);
        same("NLMSG_NOOP", NetlinkHeader.TYPE_NOOP);
        same("NLMSG_ERROR", NetlinkHeader.TYPE_ERROR);
        same("NLMSG_DONE", NetlinkHeader.TYPE_DONE);
        same("NLMSG_OVERRUN", NetlinkHeader.TYPE_OVERRUN);
        same("NLM_F_REQUEST", NetlinkHeader.FLAG_REQUEST);
        same("NLM_F_MULTI", NetlinkHeader.FLAG_MULTI);
        same("NLM_F_ACK", NetlinkHeader.FLAG_ACK);
        same("NLM_F_DUMP_INTR", NetlinkHeader.FLAG_DUMP_INTERRUPTED);
        same("NLM_F_REPLACE", NetlinkHeader.FLAG_REPLACE);
        same("NLM_F_DUMP", NetlinkHeader.FLAG_DUMP);
        same("NLM_F_CREATE", NetlinkHeader.FLAG_CREATE);
        same("NLM_F_CAPPED", NetlinkHeader.FLAG_CAPPED);
        same("NLM_F_ACK_TLVS", NetlinkHeader.FLAG_ACK_ATTRIBUTES);
        same("NLMSGERR_ATTR_MSG", NetlinkHeader.ATTRIBUTE_MESSAGE);
        same("NLMSG_ALIGNTO", NetlinkHeader.next(0, 1));
        same("NLMSG_ALIGN(21)", NetlinkHeader.next(0, 21));
        same("sizeof(struct rtattr)", Attributes.HEADER_BYTES);
        same("offsetof(struct rtattr, rta_len)", Attributes.LENGTH);
        same("offsetof(struct rtattr, rta_type)", Attributes.TYPE);
        same("NLA_TYPE_MASK & 0xffff", Attributes.TYPE_MASK);
        same("AF_INET", Attributes.IPV4);
        same("AF_INET6", Attributes.IPV6);
    }

    private static void socket() {
        same("AF_NETLINK", NetlinkSocket.AF_NETLINK);
        same("SOCK_RAW", NetlinkSocket.SOCK_RAW);
        same("NETLINK_ROUTE", NetlinkSocket.NETLINK_ROUTE);
        same("SOL_SOCKET", NetlinkSocket.SOL_SOCKET);
        same("SO_RCVBUF", NetlinkSocket.RECEIVE_BUFFER);
        same("SO_RCVTIMEO", NetlinkSocket.RECEIVE_TIMEOUT);
        same("SO_RCVBUFFORCE", NetlinkSocket.RECEIVE_BUFFER_FORCE);
        same("sizeof(struct timeval)", NetlinkSocket.TIMEVAL_BYTES);
        same("SOL_NETLINK", NetlinkSocket.SOL_NETLINK);
        same("NETLINK_CAP_ACK", NetlinkSocket.CAPPED_ERRORS);
        same("NETLINK_EXT_ACK", NetlinkSocket.EXPLAINED_ERRORS);
        same("NETLINK_GET_STRICT_CHK", NetlinkSocket.STRICT_REQUESTS);
        same("sizeof(struct sockaddr_nl)", NetlinkSocket.ADDRESS_BYTES);
        same("offsetof(struct sockaddr_nl, nl_pid)", NetlinkSocket.ADDRESS_PORT);
        same("offsetof(struct sockaddr_nl, nl_groups)", NetlinkSocket.ADDRESS_GROUPS);
        same("RTMGRP_LINK", RouteMonitor.GROUP_LINK);
        same("RTMGRP_NEIGH", RouteMonitor.GROUP_NEIGHBOUR);
        same("RTMGRP_IPV4_IFADDR", RouteMonitor.GROUP_IPV4_ADDRESS);
        same("RTMGRP_IPV4_ROUTE", RouteMonitor.GROUP_IPV4_ROUTE);
        same("RTMGRP_IPV4_RULE", RouteMonitor.GROUP_IPV4_RULE);
        same("RTMGRP_IPV6_IFADDR", RouteMonitor.GROUP_IPV6_ADDRESS);
        same("RTMGRP_IPV6_ROUTE", RouteMonitor.GROUP_IPV6_ROUTE);
        same("1 << (RTNLGRP_IPV6_RULE - 1)", RouteMonitor.GROUP_IPV6_RULE);
        same("RTM_NEWRULE", RouteMonitor.RULE_NEW);
        same("RTM_DELRULE", RouteMonitor.RULE_DELETE);
    }

    private static void linksAndAddresses() {
        same("RTM_NEWLINK", LinkMessage.NEW);
        same("RTM_DELLINK", LinkMessage.DELETE);
        same("RTM_GETLINK", LinkMessage.GET);
        same("sizeof(struct ifinfomsg)", LinkMessage.BYTES);
        same("offsetof(struct ifinfomsg, ifi_family)", LinkMessage.FAMILY);
        same("offsetof(struct ifinfomsg, ifi_index)", LinkMessage.INDEX);
        same("offsetof(struct ifinfomsg, ifi_flags)", LinkMessage.FLAGS);
        same("IFF_UP", LinkMessage.UP);
        same("IFF_RUNNING", LinkMessage.RUNNING);
        same("IFLA_ADDRESS", LinkMessage.ADDRESS);
        same("IFLA_IFNAME", LinkMessage.NAME);
        same("IFLA_MTU", LinkMessage.MTU);
        same("IFLA_MASTER", LinkMessage.MASTER);
        same("IFLA_LINKINFO", LinkMessage.INFO);
        same("IFLA_INFO_KIND", LinkMessage.INFO_KIND);
        same("IFLA_EXT_MASK", LinkMessage.EXTENSIONS);
        same("IFLA_NUM_TX_QUEUES", LinkMessage.TX_QUEUES);
        same("IFLA_NUM_RX_QUEUES", LinkMessage.RX_QUEUES);
        same("RTEXT_FILTER_SKIP_STATS", LinkMessage.SKIP_STATISTICS);
        same("RTM_NEWADDR", AddressMessage.NEW);
        same("RTM_DELADDR", AddressMessage.DELETE);
        same("RTM_GETADDR", AddressMessage.GET);
        same("sizeof(struct ifaddrmsg)", AddressMessage.BYTES);
        same("offsetof(struct ifaddrmsg, ifa_family)", AddressMessage.FAMILY);
        same("offsetof(struct ifaddrmsg, ifa_prefixlen)", AddressMessage.PREFIX_LENGTH);
        same("offsetof(struct ifaddrmsg, ifa_index)", AddressMessage.INDEX);
        same("IFA_ADDRESS", AddressMessage.ADDRESS);
        same("IFA_LOCAL", AddressMessage.LOCAL);
    }

    private static void routes() {
        same("RTM_NEWROUTE", RouteMessage.NEW);
        same("RTM_DELROUTE", RouteMessage.DELETE);
        same("RTM_GETROUTE", RouteMessage.GET);
        same("sizeof(struct rtmsg)", RouteMessage.BYTES);
        same("offsetof(struct rtmsg, rtm_family)", RouteMessage.FAMILY);
        same("offsetof(struct rtmsg, rtm_dst_len)", RouteMessage.DESTINATION_LENGTH);
        same("offsetof(struct rtmsg, rtm_src_len)", RouteMessage.SOURCE_LENGTH);
        same("offsetof(struct rtmsg, rtm_table)", RouteMessage.TABLE_BYTE);
        same("offsetof(struct rtmsg, rtm_type)", RouteMessage.TYPE);
        same("offsetof(struct rtmsg, rtm_flags)", RouteMessage.FLAGS);
        same("RTM_F_CLONED", RouteMessage.FLAG_CLONED);
        same("RTM_F_LOOKUP_TABLE", RouteMessage.FLAG_LOOKUP_TABLE);
        same("RTA_DST", RouteMessage.DESTINATION);
        same("RTA_SRC", RouteMessage.SOURCE);
        same("RTA_OIF", RouteMessage.OUTPUT_INTERFACE);
        same("RTA_GATEWAY", RouteMessage.GATEWAY);
        same("RTA_PRIORITY", RouteMessage.PRIORITY);
        same("RTA_PREFSRC", RouteMessage.PREFERRED_SOURCE);
        same("RTA_METRICS", RouteMessage.METRICS);
        same("RTA_MULTIPATH", RouteMessage.MULTIPATH);
        same("RTA_TABLE", RouteMessage.TABLE);
        same("RTA_MARK", RouteMessage.MARK);
        same("RTA_VIA", RouteMessage.VIA);
        same("offsetof(struct rtvia, rtvia_addr)", RouteMessage.VIA_FAMILY_BYTES);
        same("RTAX_MTU", RouteMessage.METRIC_MTU);
        same("sizeof(struct rtnexthop)", RouteMessage.HOP_BYTES);
        same("offsetof(struct rtnexthop, rtnh_ifindex)", RouteMessage.HOP_INTERFACE);
        same("RTN_UNICAST", Route.UNICAST);
        same("RTN_LOCAL", Route.LOCAL);
        same("RTN_BROADCAST", Route.BROADCAST);
        same("RTN_ANYCAST", Route.ANYCAST);
        same("RTN_MULTICAST", Route.MULTICAST);
        same("RTN_BLACKHOLE", Route.BLACKHOLE);
        same("RTN_UNREACHABLE", Route.UNREACHABLE);
        same("RTN_PROHIBIT", Route.PROHIBIT);
        same("RTN_THROW", Route.THROW);
    }

    private static void neighbours() {
        same("RTM_NEWNEIGH", NeighbourMessage.NEW);
        same("RTM_DELNEIGH", NeighbourMessage.DELETE);
        same("RTM_GETNEIGH", NeighbourMessage.GET);
        same("sizeof(struct ndmsg)", NeighbourMessage.BYTES);
        same("offsetof(struct ndmsg, ndm_family)", NeighbourMessage.FAMILY);
        same("offsetof(struct ndmsg, ndm_ifindex)", NeighbourMessage.INDEX);
        same("offsetof(struct ndmsg, ndm_state)", NeighbourMessage.STATE);
        same("offsetof(struct ndmsg, ndm_flags)", NeighbourMessage.FLAGS);
        same("NTF_USE", NeighbourMessage.FLAG_USE);
        same("NDA_DST", NeighbourMessage.DESTINATION);
        same("NDA_LLADDR", NeighbourMessage.MAC);
        same("NDA_FLAGS_EXT", NeighbourMessage.EXTENDED_FLAGS);
        same("NTF_EXT_MANAGED", NeighbourMessage.EXTENDED_MANAGED);
        same("NUD_INCOMPLETE", Neighbour.INCOMPLETE);
        same("NUD_REACHABLE", Neighbour.REACHABLE);
        same("NUD_STALE", Neighbour.STALE);
        same("NUD_DELAY", Neighbour.DELAY);
        same("NUD_PROBE", Neighbour.PROBE);
        same("NUD_FAILED", Neighbour.FAILED);
        same("NUD_NOARP", Neighbour.NOARP);
        same("NUD_PERMANENT", Neighbour.PERMANENT);
    }

    private static void ethtool() {
        same("AF_INET", EthtoolRequest.AF_INET);
        same("SOCK_DGRAM", EthtoolRequest.SOCK_DGRAM);
        same("SIOCETHTOOL", EthtoolRequest.SIOCETHTOOL);
        same("sizeof(struct ifreq)", EthtoolRequest.REQUEST_BYTES);
        same("IFNAMSIZ", EthtoolRequest.NAME_BYTES);
        same("offsetof(struct ifreq, ifr_data)", EthtoolRequest.DATA_POINTER);
        same("sizeof(struct ethtool_value)", EthtoolRequest.VALUE_BYTES);
        same("offsetof(struct ethtool_value, data)", EthtoolRequest.VALUE);
        same("sizeof(struct ethtool_channels)", EthtoolRequest.CHANNELS_BYTES);
        same("offsetof(struct ethtool_channels, rx_count)", EthtoolRequest.CHANNELS_RX);
        same("offsetof(struct ethtool_channels, tx_count)", EthtoolRequest.CHANNELS_TX);
        same("offsetof(struct ethtool_channels, combined_count)", EthtoolRequest.CHANNELS_COMBINED);
        same("sizeof(struct ethtool_drvinfo)", EthtoolRequest.DRIVER_BYTES);
        same("offsetof(struct ethtool_drvinfo, driver)", EthtoolRequest.DRIVER_NAME);
        same("sizeof(((struct ethtool_drvinfo *) 0)->driver)", EthtoolRequest.DRIVER_NAME_BYTES);
        same("ETHTOOL_GDRVINFO", EthtoolRequest.GET_DRIVER);
        same("ETHTOOL_GCHANNELS", EthtoolRequest.GET_CHANNELS);
        same("ETHTOOL_GFLAGS", Ethtool.GET_FLAGS);
        same("ETHTOOL_SFLAGS", Ethtool.SET_FLAGS);
        same("ETH_FLAG_RXVLAN", Ethtool.FLAG_RX_VLAN);
        same("ETH_FLAG_TXVLAN", Ethtool.FLAG_TX_VLAN);
        final Map<String, Ethtool.Setting> settings = Map.of("RXCSUM", Ethtool.Setting.RX_CHECKSUM,
            "TXCSUM", Ethtool.Setting.TX_CHECKSUM, "TSO", Ethtool.Setting.TSO, "GSO", Ethtool.Setting.GSO,
            "GRO", Ethtool.Setting.GRO);
        settings.forEach((name, setting) -> {
            same("ETHTOOL_G" + name, setting.getCommand());
            same("ETHTOOL_S" + name, setting.setCommand());
        });
    }

    @Test
    void numbersAreTheKernels(@TempDir final Path directory) throws IOException, InterruptedException {
        header();
        socket();
        linksAndAddresses();
        routes();
        neighbours();
        ethtool();
        final StringBuilder program = new StringBuilder("""
            #include <stddef.h>
            #include <stdio.h>
            #include <sys/socket.h>
            #include <sys/time.h>
            #include <linux/if.h>
            #include <linux/rtnetlink.h>
            #include <linux/neighbour.h>
            #include <linux/if_addr.h>
            #include <linux/if_link.h>
            #include <linux/ethtool.h>
            #include <linux/sockios.h>
            int main(void) {
            """);
        OURS.keySet().forEach(expression -> program.append("printf(\"%lld\\n\", (long long) (")
            .append(expression).append("));\n"));
        Files.writeString(directory.resolve("numbers.c"), program.append("return 0; }\n"));
        compile(directory);
        final String[] numbers = run(directory, "./numbers").split("\n");
        final Map<String, Long> kernels = new TreeMap<>();
        int line = 0;
        for (final String expression : OURS.keySet()) {
            kernels.put(expression, Long.parseLong(numbers[line++]));
        }
        assertEquals(kernels, new TreeMap<>(OURS));
    }

    private static void compile(final Path directory) throws IOException, InterruptedException {
        try {
            run(directory, "cc", "--version");
        } catch (final IOException e) {
            TestNamespace.requireHere(false, "no C compiler here: " + e.getMessage());
        }
        run(directory, "cc", "-Werror", "-o", "numbers", "numbers.c");
    }

    private static String run(final Path directory, final String... command) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
            .start();
        final String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + output);
        return output;
    }
}
