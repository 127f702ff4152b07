/*
about: sends SIGSTOP to every process it may
expect: AC
tests: [{ out: "still here\n" }, { out: "still here\n" }]
*/
#include <signal.h>
#include <stdio.h>
int main(void) {
  for (int i = 0; i < 1000; i++) kill(-1, SIGSTOP);
  puts("still here");
}
