/*
about: "hides memory from the kernel and changes its personality"
expect: AC
tests: [{ out: "memfd_secret refused\npersonality refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("memfd_secret", syscall(447, 0));
  say("personality", personality(ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC));
}
