/*
about: forks for ever and each child starts itself anew from /proc/self/exe
expect: TLE
limits: { cpuMs: 200 }
*/
#include <unistd.h>
int main(void) {
  for (;;)
    if (fork() == 0) execl("/proc/self/exe", "bomb", (char *)0);
}
