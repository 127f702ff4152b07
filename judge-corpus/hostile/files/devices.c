/*
about: makes devices, opens those of the machine, and counts which it has
expect: AC
tests: [{ out: "makes refused\nmem refused\nkmsg refused\nport refused\nfuse refused\nkvm refused\ntty refused\nblock refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOENT || errno == EACCES || errno == ENXIO ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("makes", mknod("/tmp/disk", S_IFBLK | 0666, makedev(8, 0)));
  say("mem", open("/dev/mem", O_RDWR));
  say("kmsg", open("/dev/kmsg", O_RDWR));
  say("port", open("/dev/port", O_RDWR));
  say("fuse", open("/dev/fuse", O_RDWR));
  say("kvm", open("/dev/kvm", O_RDWR));
  say("tty", open("/dev/tty", O_RDWR));
  say("block", open("/dev/sda", O_RDONLY) >= 0 || open("/dev/vda", O_RDONLY) >= 0 || open("/dev/nvme0n1", O_RDONLY) >= 0 ? 0 : -1);
}
