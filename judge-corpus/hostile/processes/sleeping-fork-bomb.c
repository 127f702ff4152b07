/*
about: fills the table of processes with sleepers that use no CPU
expect: TLE
limits: { cpuMs: 50 }
says: elapsed time
*/
#include <unistd.h>
int main(void) {
  while (fork() >= 0) continue;
  for (;;) pause();
}
