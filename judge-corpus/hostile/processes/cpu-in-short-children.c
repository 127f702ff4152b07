/*
about: computes in children of 10 ms whose parents do not wait for them, to be counted nowhere
expect: TLE
limits: { cpuMs: 60 }
cpuMs: [60, 400]
*/
#include <signal.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  signal(SIGCHLD, SIG_IGN);
  for (;;) {
    int ends[2];
    char nothing;
    if (pipe(ends) != 0) return 1;
    if (fork() == 0) {
      if (fork() == 0) {
        while (clock() < CLOCKS_PER_SEC / 100) continue;
        _exit(0);
      }
      _exit(0);
    }
    close(ends[1]);
    if (read(ends[0], &nothing, 1) != 0) return 2;
    close(ends[0]);
  }
}
