/*
about: "makes sockets of every family that leads out of the machine or into the kernel"
expect: AC
tests: [{ out: "internet refused\ndatagrams refused\nraw refused\ninternet 6 refused\npackets refused\nnetlink refused\nvsock refused\ncrypto refused\nbluetooth refused\nxdp refused\nnetlink pair refused\n" }]
escapesBare: true
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
static int pair[2];
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("internet", socket(AF_INET, SOCK_STREAM, 0));
  say("datagrams", socket(AF_INET, SOCK_DGRAM, 0));
  say("raw", socket(AF_INET, SOCK_RAW, 1));
  say("internet 6", socket(AF_INET6, SOCK_STREAM, 0));
  say("packets", socket(AF_PACKET, SOCK_RAW, 0));
  say("netlink", socket(AF_NETLINK, SOCK_RAW, 0));
  say("vsock", socket(40, SOCK_STREAM, 0));
  say("crypto", socket(38, SOCK_SEQPACKET, 0));
  say("bluetooth", socket(31, SOCK_RAW, 1));
  say("xdp", socket(44, SOCK_RAW, 0));
  say("netlink pair", socketpair(AF_NETLINK, SOCK_RAW, 0, pair));
}
