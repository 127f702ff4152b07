/*
about: reaches into process 1 by /proc - memory, environment, descriptors, maps, root, working folder
expect: AC
tests: [{ out: "mem refused\nenviron refused\nmaps refused\nfd 0 refused\nfd 1 refused\nfd 3 refused\nroot refused\ncwd refused\nexe refused\nclear_refs refused\noom_score_adj refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOENT || errno == EACCES ? "refused" : strerrorname_np(errno));
}
static long reads(const char *path) {
  char byte;
  int fd = open(path, O_RDONLY | O_NONBLOCK);
  return fd < 0 ? -1 : read(fd, &byte, 1);
}
int main(void) {
  say("mem", open("/proc/1/mem", O_RDWR));
  say("environ", reads("/proc/1/environ"));
  say("maps", reads("/proc/1/maps"));
  say("fd 0", open("/proc/1/fd/0", O_RDONLY | O_NONBLOCK));
  say("fd 1", open("/proc/1/fd/1", O_WRONLY | O_NONBLOCK));
  say("fd 3", open("/proc/1/fd/3", O_RDONLY | O_NONBLOCK));
  say("root", open("/proc/1/root", O_RDONLY | O_DIRECTORY));
  say("cwd", open("/proc/1/cwd", O_RDONLY | O_DIRECTORY));
  say("exe", open("/proc/1/exe", O_RDONLY));
  say("clear_refs", open("/proc/1/clear_refs", O_WRONLY));
  say("oom_score_adj", open("/proc/1/oom_score_adj", O_WRONLY));
}
