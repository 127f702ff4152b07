/*
about: "reads and writes memory of process 1 by process_vm_readv, process_vm_writev and process_madvise"
expect: AC
tests: [{ out: "reads refused\nwrites refused\nown memory refused\n" }]
escapesBare: true
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/syscall.h>
#include <unistd.h>
static char buffer[8];
static struct iovec here = {buffer, 8}, there = {(void *)0x400000, 8};
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("reads", process_vm_readv(1, &here, 1, &there, 1, 0));
  say("writes", process_vm_writev(1, &here, 1, &there, 1, 0));
  say("own memory", process_vm_readv(getpid(), &here, 1, &here, 1, 0));
}
