/*
about: "leaves keys in the kernel that would outlive it, and looks for those of others"
expect: AC
tests: [{ out: "adds a key refused\nrequests a key refused\njoins a keyring refused\nreads the session keyring refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("adds a key", syscall(SYS_add_key, "user", "corpus", "x", 1, -2));
  say("requests a key", syscall(SYS_request_key, "user", "corpus", NULL, -2));
  say("joins a keyring", syscall(SYS_keyctl, 1, NULL));
  say("reads the session keyring", syscall(SYS_keyctl, 0, -3, 0));
}
