/*
about: locks memory so that it cannot be swapped out, beyond the limit
expect: MLE
*/
#include <stdlib.h>
#include <sys/mman.h>
int main(void) {
  for (int i = 0; i < 200; i++) {
    char *memory = malloc(1 << 20);
    mlock(memory, 1 << 20);
    for (int at = 0; at < 1 << 20; at += 512) ((volatile char *)memory)[at] = 1;
  }
  return 3;
}
