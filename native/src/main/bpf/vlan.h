/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* VLAN tags (IEEE 802.1Q, and two of them by 802.1ad) as io.ringmaster.packet.Vlan reads them. */
#ifndef RINGMASTER_VLAN_H
#define RINGMASTER_VLAN_H

#include <linux/if_ether.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define MOST_TAGS 2
#define TAGS_MASK 12 /* of the bytes that they take: 0, 4 or 8 */
#define TAG_THERE 0x8000
#define TAG_SERVICE 0x1000
#define TAG_IDENTIFIER 0xfff

/* Behind the two addresses of a frame, or behind another tag's type. */
struct vlan_tag {
	__be16 control;
	__be16 type; /* of what follows */
};

/* What stands before the IP header. */
struct vlan {
	__u32 tags; /* the inner one in the lower half; those of VID 0 are none */
	__u32 bytes;
	__be16 type; /* of what follows; 0 where the frame ends before that */
};

static __always_inline int is_vlan(__be16 type)
{
	return type == bpf_htons(ETH_P_8021Q) || type == bpf_htons(ETH_P_8021AD);
}

static __always_inline struct vlan read_vlan(const struct ethhdr *ethernet, const void *end)
{
	const struct vlan_tag *tag = (const void *)(ethernet + 1);
	struct vlan vlan = {.type = ethernet->h_proto};

#pragma unroll
	for (int i = 0; i < MOST_TAGS; i++) {
		__u32 identifier;

		if (!is_vlan(vlan.type))
			break;
		if ((const void *)(tag + 1) > end) {
			vlan.type = 0;
			break;
		}
		identifier = bpf_ntohs(tag->control) & TAG_IDENTIFIER;
		if (identifier)
			vlan.tags = vlan.tags << 16 | TAG_THERE | identifier
				    | (vlan.type == bpf_htons(ETH_P_8021AD) ? TAG_SERVICE : 0);
		vlan.type = tag->type;
		vlan.bytes += sizeof(*tag);
		tag++;
	}
	return vlan;
}

#endif
