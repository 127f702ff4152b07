/*
about: says exactly as much as it may
expect: AC
limits: { outputKiB: 64 }
tests:
  - out: { repeat: "0123456789abcde\n", times: 4096 }
*/
#include <stdio.h>
int main(void) {
  for (int i = 0; i < 4096; i++) puts("0123456789abcde");
}
