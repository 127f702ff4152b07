/*
about: "mounts, unmounts and moves the root"
expect: AC
tests: [{ out: "tmpfs refused\nproc refused\nremounts refused\nunmounts refused\npivot_root refused\nfsopen refused\nopen_tree refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("tmpfs", mount("none", "/tmp", "tmpfs", 0, ""));
  say("proc", mount("proc", "/proc", "proc", 0, ""));
  say("remounts", mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL));
  say("unmounts", umount2("/proc", MNT_DETACH));
  say("pivot_root", syscall(SYS_pivot_root, ".", "."));
  say("fsopen", syscall(430, "tmpfs", 0));
  say("open_tree", syscall(428, -100, "/", 1));
}
