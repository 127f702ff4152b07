/*
about: "makes children in new namespaces by clone and clone3"
expect: AC
tests: [{ out: "user refused\nuser and mounts refused\nclone3 refused\n" }]
escapesBare: true
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
static struct clone_args wanted = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
static long end_child(long pid) {
  if (pid == 0) _exit(0);
  return pid;
}
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("user", end_child(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)));
  say("user and mounts", end_child(syscall(SYS_clone, CLONE_NEWUSER | CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0)));
  say("clone3", end_child(syscall(SYS_clone3, &wanted, sizeof wanted)));
}
