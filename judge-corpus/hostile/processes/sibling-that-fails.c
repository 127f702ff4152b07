/*
about: "makes a child of whoever started it that dies of a signal, and answers well later: its own end alone counts"
expect: AC
tests: [{ out: "42\n" }]
*/
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  if (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0) kill(getpid(), SIGSEGV);
  nanosleep(&(struct timespec){0, 50000000}, 0);
  puts("42");
}
