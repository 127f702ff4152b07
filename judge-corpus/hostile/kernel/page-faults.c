/*
about: "handles page faults itself (userfaultfd), which has helped many an attack on the kernel"
expect: AC
tests: [{ out: "userfaultfd refused\n" }]
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
  say("userfaultfd", syscall(SYS_userfaultfd, 0));
}
