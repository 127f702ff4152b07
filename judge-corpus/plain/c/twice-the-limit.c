/*
about: computes for twice the limit
expect: TLE
limits: { cpuMs: 100 }
tests: [{ out: "done\n" }]
cpuMs: [100, 260]
*/
#include <stdio.h>
#include <time.h>
int main(void) {
  while (clock() < CLOCKS_PER_SEC / 5) continue;
  puts("done");
}
