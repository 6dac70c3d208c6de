package io.ringmaster.netlink;

import io.ringmaster.sys.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * One SIOCETHTOOL request (linux/sockios.h, linux/if.h struct ifreq, linux/ethtool.h): a small structure that the
 * kernel fills in. Made and used within one call.
 *
 * <pre>
 *  struct ifreq            0                16                 24        40
 *                          +----------------+------------------+---------+
 *                          | interface name | pointer to data  |         |
 *                          +----------------+------------------+---------+
 *  struct ethtool_value    0         4        8
 *                          +---------+--------+
 *                          | command | value  |
 *                          +---------+--------+
 *  struct ethtool_channels 0         4         8      12        16         20    24    28      32         36
 *                          +---------+---------+------+---------+----------+-----+-----+-------+----------+
 *                          | command | most rx | tx   | other   | combined | rx  | tx  | other | combined | in use
 *                          +---------+---------+------+---------+----------+-----+-----+-------+----------+
 *  struct ethtool_drvinfo  0         4                36
 *                          +---------+----------------+------------ version, firmware, bus ...  196
 *                          | command | driver         |
 *                          +---------+----------------+------------
 * </pre>
 */
final class EthtoolRequest {
    static final int AF_INET = 2;
    static final int SOCK_DGRAM = 2;
    static final long SIOCETHTOOL = 0x8946;
    static final int REQUEST_BYTES = 40;
    static final int NAME_BYTES = 16;
    static final int DATA_POINTER = 16;
    static final int VALUE_BYTES = 8;
    static final int VALUE = 4;
    static final int CHANNELS_BYTES = 36;
    static final int CHANNELS_RX = 20;
    static final int CHANNELS_TX = 24;
    static final int CHANNELS_COMBINED = 32;
    static final int DRIVER_BYTES = 196;
    static final int DRIVER_NAME = 4;
    static final int DRIVER_NAME_BYTES = 32;
    static final int GET_DRIVER = 0x3;
    static final int GET_CHANNELS = 0x3c;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private final MemorySegment request;
    private final MemorySegment data;

    EthtoolRequest(final Arena arena, final String interfaceName, final int command, final int dataBytes) {
        request = arena.allocate(REQUEST_BYTES, Long.BYTES);
        data = arena.allocate(dataBytes, Integer.BYTES);
        final byte[] name = interfaceName.getBytes(StandardCharsets.UTF_8);
        // the kernel would take "a0" out of "a0:1", and any name out of a longer one; without a name it finds nothing
        if (name.length < NAME_BYTES && interfaceName.indexOf(':') < 0 && interfaceName.indexOf('\0') < 0) {
            MemorySegment.copy(name, 0, request, ValueLayout.JAVA_BYTE, 0, name.length);
        }
        request.set(ValueLayout.ADDRESS, DATA_POINTER, data);
        data.set(INT, 0, command);
    }

    EthtoolRequest with(final int value) {
        data.set(INT, VALUE, value);
        return this;
    }

    /** Asks the kernel in the calling thread's network namespace; 0 or errno. */
    int send() {
        final int fd = Libc.socket(AF_INET, SOCK_DGRAM | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            return -fd;
        }
        final int result = Libc.ioctl(fd, SIOCETHTOOL, request);
        Libc.close(fd);
        return -result;
    }

    int intAt(final int offset) {
        return data.get(INT, offset);
    }

    String textAt(final int offset, final int bytes) {
        return data.asSlice(offset, bytes).getString(0);
    }
}
