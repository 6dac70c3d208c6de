/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What became of a frame, one counter each. The names in lower case are those of io.ringmaster.bpf.XdpReason, in this
 * order; a test compares the two. New reasons go before REASONS.
 */
#ifndef RINGMASTER_REASONS_H
#define RINGMASTER_REASONS_H

enum reason {
	REDIRECTED_SERVICE,
	REDIRECTED_REPLY,
	REDIRECTED_ICMP,
	/* all from here on goes to the kernel */
	NO_SOCKET,
	PASSED_HANDED_BACK,
	PASSED_OTHER_MAC,
	PASSED_VLAN,
	PASSED_NOT_IP,
	PASSED_MALFORMED,
	PASSED_FRAGMENT,
	PASSED_OTHER_PROTOCOL,
	PASSED_ICMP,
	PASSED_LOCAL,
	PASSED_NO_SERVICE,
	REASONS
};

#endif
