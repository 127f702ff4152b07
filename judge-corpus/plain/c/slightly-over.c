/*
about: comes to its end a little over the limit, and its true time is shown
expect: TLE
limits: { cpuMs: 100 }
tests: [{ out: "done\n" }]
cpuMs: [104, 139]
*/
#include <stdio.h>
#include <time.h>
int main(void) {
  while (clock() < CLOCKS_PER_SEC * 108 / 1000) continue;
  puts("done");
}
