/*
about: computes for half of the limit
expect: AC
limits: { cpuMs: 400 }
tests: [{ out: "done\n" }]
cpuMs: [195, 395]
*/
#include <stdio.h>
#include <time.h>
int main(void) {
  while (clock() < CLOCKS_PER_SEC / 5) continue;
  puts("done");
}
