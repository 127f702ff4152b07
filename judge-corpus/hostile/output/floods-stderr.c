/*
about: floods stderr for ever, which is thrown away until the time is over
expect: TLE
limits: { cpuMs: 200 }
*/
#include <unistd.h>
int main(void) {
  static char piece[1 << 16];
  while (write(2, piece, sizeof piece) > 0) continue;
}
