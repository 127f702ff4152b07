/*
about: "traces its parent, process 1 and a child of its own"
expect: AC
tests: [{ out: "its parent refused\nprocess 1 refused\nitself by a parent refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("its parent", ptrace(PTRACE_ATTACH, getppid() > 0 ? getppid() : 1, 0, 0));
  say("process 1", ptrace(PTRACE_SEIZE, 1, 0, 0));
  say("itself by a parent", ptrace(PTRACE_TRACEME, 0, 0, 0));
}
