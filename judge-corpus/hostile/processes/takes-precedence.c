/*
about: asks for a higher priority, for real-time scheduling and for another core
expect: AC
tests: [{ out: "nice refused\nreal-time refused\naffinity refused\nautogroup refused\n" }]
escapesBare: true
*/
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("nice", setpriority(PRIO_PROCESS, 0, -5));
  say("real-time", sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){1}));
  cpu_set_t all;
  memset(&all, 0xff, sizeof all);
  say("affinity", sched_setaffinity(0, sizeof all, &all));
  int group = open("/proc/self/autogroup", O_WRONLY);
  long answer = group < 0 && errno == ENOENT ? (errno = ENOSYS, -1) : group < 0 ? -1 : write(group, "-5", 2);
  say("autogroup", answer);
}
