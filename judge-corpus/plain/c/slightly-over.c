/*
about: comes to its end a twentieth over the limit, and its true time is shown
expect: TLE
limits: { cpuMs: 400 }
tests: [{ out: "done\n" }]
cpuMs: [415, 475]
*/
#include <stdio.h>
#include <time.h>
int main(void) {
  while (clock() < CLOCKS_PER_SEC * 42 / 100) continue;
  puts("done");
}
