/*
about: "hides a forbidden family or flag by bits above the 32 that a filter looks at"
expect: AC
tests: [{ out: "internet refused\nnew user refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
static long end_child(long pid) {
  if (pid == 0) _exit(0);
  return pid;
}
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("internet", syscall(SYS_socket, 0x100000002L, SOCK_STREAM, 0));
  say("new user", end_child(syscall(SYS_clone, 0x110000011L, 0, 0, 0, 0)));
}
