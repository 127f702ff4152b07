/*
about: raises its own rlimits and reaches for those of process 1
expect: AC
tests: [{ out: "core refused\nfiles refused\ncpu refused\nstack refused\nprocess 1 refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  const struct rlimit endless = {RLIM_INFINITY, RLIM_INFINITY};
  say("core", setrlimit(RLIMIT_CORE, &endless));
  say("files", setrlimit(RLIMIT_FSIZE, &endless));
  say("cpu", setrlimit(RLIMIT_CPU, &endless));
  say("stack", setrlimit(RLIMIT_STACK, &endless));
  struct rlimit theirs;
  say("process 1", prlimit(1, RLIMIT_NOFILE, NULL, &theirs));
}
