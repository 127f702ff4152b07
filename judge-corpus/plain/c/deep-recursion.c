/*
about: recurses 40 MiB deep, since the stack may be as large as the memory
expect: AC
tests: [{ out: "655360\n" }]
memoryMiB: [38, 60]
*/
#include <stdio.h>
__attribute__((noinline)) static int depth(int left) {
  volatile char frame[48];
  frame[0] = (char)left;
  return left == 0 ? 0 : depth(left - 1) + (frame[0] == (char)left);
}
int main(void) { printf("%d\n", depth(655360)); }
