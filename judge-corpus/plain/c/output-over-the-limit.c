/*
about: says a little more than it may, all of it right
expect: OLE
limits: { outputKiB: 64 }
tests:
  - out: { repeat: "0123456789abcde\n", times: 4097 }
*/
#include <stdio.h>
int main(void) {
  for (int i = 0; i < 4097; i++) puts("0123456789abcde");
}
