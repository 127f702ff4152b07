/*
about: answers, closes its streams and sleeps, so that a judge that waits for the end of the output alone would call it done
expect: TLE
limits: { cpuMs: 50 }
tests: [{ out: "42\n" }]
*/
#include <stdio.h>
#include <unistd.h>
int main(void) {
  puts("42");
  fflush(stdout);
  for (int fd = 0; fd < 3; fd++) close(fd);
  sleep(60);
}
