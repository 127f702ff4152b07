/*
about: locks its input and leaves a daemon that would hold the lock; the next test with the same input locks it too
expect: AC
tests: [{ in: "same\n", out: "locked\n" }, { in: "same\n", out: "locked\n" }]
*/
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>
int main(void) {
  puts(flock(0, LOCK_EX | LOCK_NB) == 0 ? "locked" : "ESCAPED");
  fflush(stdout);
  if (fork() == 0) {
    setsid();
    for (;;) pause();
  }
}
