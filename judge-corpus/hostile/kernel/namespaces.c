/*
about: "leaves its namespaces, or makes new ones in which it would be root"
expect: AC
tests: [{ out: "user refused\nmounts refused\nprocesses refused\nnetwork refused\nipc refused\ncontrol groups refused\njoins refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sched.h>
#include <fcntl.h>
#include <unistd.h>
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("user", unshare(CLONE_NEWUSER));
  say("mounts", unshare(CLONE_NEWNS));
  say("processes", unshare(CLONE_NEWPID));
  say("network", unshare(CLONE_NEWNET));
  say("ipc", unshare(CLONE_NEWIPC));
  say("control groups", unshare(CLONE_NEWCGROUP));
  say("joins", setns(open("/proc/self/ns/ipc", O_RDONLY), 0));
}
