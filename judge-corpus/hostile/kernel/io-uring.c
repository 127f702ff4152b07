/*
about: "sets up an io_uring, whose work no system call filter sees"
expect: AC
tests: [{ out: "io_uring refused\nregister refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
static char parameters[120];
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("io_uring", syscall(425, 4, parameters));
  say("register", syscall(427, 0, 0, NULL, 0));
}
