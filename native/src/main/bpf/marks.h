/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Firewall marks: packets of whole prefixes and ranges of ports that are for a virtual service. */
#ifndef RINGMASTER_MARKS_H
#define RINGMASTER_MARKS_H

#include "maps.h"

/* What a filter is compared with. */
struct mark_subject {
	struct address source;
	struct address destination;
	__u32 interface; /* 0 if it is not to be compared */
	__u16 port; /* destination port, host order */
	__u8 protocol; /* ANY_PROTOCOL if it is not to be compared */
	__u8 ipv6;
	__u8 fragment; /* its port is not to be compared */
	__u8 zero[3];
};

#define ANY_PROTOCOL 0

/* The packet that is_marked is asked about: a function that is verified by itself takes no pointers (before 5.13). */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct mark_subject);
} mark_subjects SEC(".maps");

static __always_inline int is_within(const struct address *address, const struct address *prefix,
				     const struct address *mask)
{
	__u32 different = 0;

	for (int i = 0; i < 4; i++)
		different |= (address->words[i] ^ prefix->words[i]) & mask->words[i];
	return different == 0;
}

static __always_inline int is_taken_by(const struct mark_filter *filter, const struct mark_subject *subject)
{
	return filter->ipv6 == subject->ipv6
	       && (filter->protocol == ANY_PROTOCOL || subject->protocol == ANY_PROTOCOL
		   || filter->protocol == subject->protocol)
	       && (subject->fragment
		   || (subject->port >= filter->first_port && subject->port <= filter->last_port))
	       && (filter->interface == 0 || subject->interface == 0 || filter->interface == subject->interface)
	       && is_within(&subject->destination, &filter->destination, &filter->destination_mask)
	       && is_within(&subject->source, &filter->source, &filter->source_mask);
}

/*
 * Whether one of so many filters takes the packet. Global, so that the verifier goes through the loop once, and not
 * again for each way that leads here.
 */
__attribute__((noinline)) int is_marked(__u32 count)
{
	__u32 zero = 0;
	const struct mark_subject *subject = bpf_map_lookup_elem(&mark_subjects, &zero);

	if (!subject)
		return 0;
	for (__u32 i = 0; i < MOST_MARK_FILTERS; i++) {
		const struct mark_filter *filter;

		if (i >= count)
			break;
		filter = bpf_map_lookup_elem(&mark_filters, &i);
		if (filter && is_taken_by(filter, subject))
			return 1;
	}
	return 0;
}

#endif
