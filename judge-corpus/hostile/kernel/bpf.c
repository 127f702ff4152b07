/*
about: "loads a program into the kernel"
expect: AC
tests: [{ out: "bpf map refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
static unsigned attributes[32] = {2, 4, 4, 1};
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("bpf map", syscall(SYS_bpf, 0, attributes, sizeof attributes));
}
