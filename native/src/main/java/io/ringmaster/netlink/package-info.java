/**
 * Links, addresses, routes and neighbours of the kernel, read and followed over rtnetlink; ethtool settings.
 */
package io.ringmaster.netlink;
