/*
 * States of TCP connections as the kernel moves them on (net/netfilter/ipvs/ip_vs_proto_tcp.c), as TcpState has them:
 * a text of the transitions, made into a table of bytes at the start. Included once, after pipeline.h.
 */
#pragma once

static const char *const ROWS[12] = { /* the kernel's transitions (ip_vs_proto_tcp.c), as in TcpState */
    "SR ES ES SR SR SR SR SR SR SR SR", "CL CW SS TW TW TW CL CW LA LI TW",
    "ES ES SS ES FW TW CL CW CL LI ES", "CL CL CL SR CL CL CL CL LA LI SR",
    "SS ES SS SR SS SS SS SS SS LI SR", "TW FW SS TW FW TW CL TW LA LI TW",
    "ES ES SS ES FW TW CL CW LA ES ES", "CL CL SS CL CL TW CL CL CL CL CL",
    "SR ES ES SR SR SR SR SR SR SR SR", "CL FW SS TW FW TW CL CW LA LI TW",
    "ES ES SS ES FW TW CL CW CL LI ES", "CL CL CL SR CL CL CL CL LA LI CL",
};
static const char STATES[] = "NO ES SS SR FW TW CL CW LA LI SA";
static const int TIMEOUT_SEC[16] = {2, 900, 120, 60, 120, 120, 10, 60, 30, 120, 120, 300, 3};

static void make_states(struct director *d) {
    memset(d->next_state, STATE_CLOSE, sizeof d->next_state);
    for (int row = 0; row < 12; row++) {
        for (int state = 0; state < 11; state++) {
            char name[3] = {ROWS[row][state * 3], ROWS[row][state * 3 + 1], 0};
            d->next_state[row][state] = (uint8_t)((strstr(STATES, name) - STATES) / 3);
        }
        d->next_state[row][STATE_UDP] = STATE_UDP;
        d->next_state[row][STATE_NEW] = d->next_state[row][0];
    }
}

static int next_state(const struct director *d, int direction, int state, int flags) {
    int event;
    if (flags & TCP_RST) {
        event = 3;
    } else if (flags & TCP_SYN) {
        event = 0;
    } else if (flags & TCP_FIN) {
        event = 1;
    } else if (flags & TCP_ACK) {
        event = 2;
    } else {
        return STATE_CLOSE;
    }
    return d->next_state[direction * 4 + event][state];
}
