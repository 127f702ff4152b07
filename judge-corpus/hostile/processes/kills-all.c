/*
about: kills every process it may, as often as it can, and goes on
expect: AC
tests: [{ out: "still here\n" }, { out: "still here\n" }]
*/
#include <signal.h>
#include <stdio.h>
int main(void) {
  for (int i = 0; i < 1000; i++) kill(-1, SIGKILL);
  puts("still here");
}
