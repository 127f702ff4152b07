/*
about: "makes shared memory, semaphores and message queues that outlive processes"
expect: AC
tests: [{ out: "shared memory refused\nsemaphores refused\nmessages refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("shared memory", shmget(IPC_PRIVATE, 4096, 0600 | IPC_CREAT));
  say("semaphores", semget(IPC_PRIVATE, 1, 0600 | IPC_CREAT));
  say("messages", msgget(IPC_PRIVATE, 0600 | IPC_CREAT));
}
