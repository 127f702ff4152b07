/*
about: has an array of 1 GiB of which it uses a page
expect: AC
tests: [{ out: "7\n" }]
memoryMiB: [0, 6]
*/
#include <stdio.h>
static volatile char large[1 << 30];
int main(void) {
  large[5] = 7;
  printf("%d\n", large[5]);
}
