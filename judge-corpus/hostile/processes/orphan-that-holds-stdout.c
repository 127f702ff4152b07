/*
about: ends well while a hundred descendants hold its stdout open, which no judge may wait for
expect: AC
tests: [{ out: "42\n" }]
wallMs: [0, 3500]
*/
#include <stdio.h>
#include <unistd.h>
int main(void) {
  for (int i = 0; i < 100; i++) {
    if (fork() == 0) {
      setsid();
      for (;;) pause();
    }
  }
  puts("42");
}
