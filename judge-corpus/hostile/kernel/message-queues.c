/*
about: "makes a POSIX message queue that outlives it"
expect: AC
tests: [{ out: "opens refused\nunlinks refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <mqueue.h>
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("opens", mq_open("/@token@", O_CREAT | O_RDWR, 0600, NULL));
  say("unlinks", mq_unlink("/@token@"));
}
