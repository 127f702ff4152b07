/*
about: "takes a descriptor of process 1, or of its own parent, by pidfd_getfd"
expect: AC
tests: [{ out: "takes refused\n" }]
escapesBare: true
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("takes", syscall(438, syscall(434, getpid(), 0), 1, 0));
}
