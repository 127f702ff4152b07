/*
about: computes for twice the limit
expect: TLE
limits: { cpuMs: 200 }
tests: [{ out: "done\n" }]
cpuMs: [200, 395]
*/
#include <stdio.h>
#include <time.h>
int main(void) {
  while (clock() < 2 * CLOCKS_PER_SEC / 5) continue;
  puts("done");
}
