/*
about: "counts what the processor does, its own and that of others"
expect: AC
tests: [{ out: "itself refused\nthe whole machine refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/perf_event.h>
static struct perf_event_attr own = {.type = PERF_TYPE_SOFTWARE, .size = sizeof own, .config = PERF_COUNT_SW_CPU_CLOCK, .exclude_kernel = 1};
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("itself", syscall(SYS_perf_event_open, &own, 0, -1, -1, 0));
  say("the whole machine", syscall(SYS_perf_event_open, &own, -1, 0, -1, 0));
}
