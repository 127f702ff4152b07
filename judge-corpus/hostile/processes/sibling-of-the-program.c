/*
about: makes children of whoever started it (CLONE_PARENT) that end well, so that its own failure is overlooked
expect: RE
says: exit code 7
*/
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  for (int i = 0; i < 10; i++)
    if (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0) _exit(0);
  nanosleep(&(struct timespec){0, 50000000}, 0);
  return 7;
}
