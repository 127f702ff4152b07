/*
about: touches 56 of 64 MiB and is within its limit
expect: AC
tests: [{ out: "done\n" }]
memoryMiB: [56, 59]
*/
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  char *volatile memory = malloc(56 << 20);
  for (int i = 0; i < 56 << 20; i += 512) ((volatile char *)memory)[i] = 1;
  puts("done");
}
