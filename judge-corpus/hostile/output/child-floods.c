/*
about: ends well while a child floods stdout
expect: [OLE, WA]
limits: { outputKiB: 256 }
tests: [{ out: "42\n" }]
*/
#include <stdio.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  puts("42");
  fflush(stdout);
  static char piece[1 << 16];
  if (fork() == 0)
    while (write(1, piece, sizeof piece) > 0) continue;
  nanosleep(&(struct timespec){0, 50000000}, NULL);
}
