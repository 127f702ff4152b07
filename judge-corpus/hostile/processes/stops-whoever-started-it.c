/*
about: sends SIGSTOP and SIGKILL to its parent, to process 1 and to the parent's group
expect: AC
tests: [{ out: "still here\n" }]
*/
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  const pid_t targets[] = {getppid(), 1, -getpgid(getppid())};
  for (int i = 0; i < 3; i++) {
    if (targets[i] == 0) continue; /* the parent is outside of what we can see */
    if (kill(targets[i], SIGSTOP) == 0) puts("stopped it: ESCAPED");
    if (kill(targets[i], SIGKILL) == 0) puts("killed it: ESCAPED");
  }
  puts("still here");
}
