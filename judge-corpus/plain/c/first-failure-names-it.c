/*
about: fails in three ways, and the first in order is the verdict though all tests are run
expect: RE
runsAll: true
limits: { cpuMs: 150 }
tests:
  - { in: "fine\n", out: "ok\n", verdict: AC }
  - { in: "exit\n", out: "ok\n", verdict: RE }
  - { in: "loop\n", out: "ok\n", verdict: TLE }
  - { in: "wrong\n", out: "ok\n", verdict: WA }
  - { in: "fine\n", out: "ok\n", verdict: AC }
*/
#include <stdio.h>
int main(void) {
  char what[16] = "";
  if (scanf("%15s", what) != 1) return 2;
  if (what[0] == 'e') return 3;
  for (volatile int i = 0; what[0] == 'l';) i++;
  puts(what[0] == 'w' ? "no" : "ok");
}
