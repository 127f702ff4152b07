/*
about: forks for ever, each child in a session of its own whose parent is gone
expect: TLE
limits: { cpuMs: 200 }
*/
#include <unistd.h>
int main(void) {
  for (;;) {
    if (fork() != 0) continue;
    setsid();
    if (fork() != 0) _exit(0);
  }
}
