/*
about: forks for ever, in each child too
expect: TLE
limits: { cpuMs: 200 }
*/
#include <unistd.h>
int main(void) {
  for (;;) fork();
}
