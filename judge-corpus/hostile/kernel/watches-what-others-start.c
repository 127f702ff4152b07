/*
about: "watches the system's programs by inotify, to learn what other boxes start, and takes asynchronous requests, of which the whole machine has so many"
expect: AC
tests: [{ out: "inotify refused\nio_setup refused\n" }]
escapesBare: true
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  unsigned long requests = 0;
  say("inotify", inotify_add_watch(inotify_init1(IN_NONBLOCK), "/usr/bin", IN_OPEN));
  say("io_setup", syscall(SYS_io_setup, 1, &requests));
}
