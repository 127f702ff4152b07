/*
about: touches 32 MiB, which is told within two
expect: AC
tests: [{ out: "done\n" }]
memoryMiB: [32, 34.5]
*/
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  char *volatile memory = malloc(32 << 20);
  for (int i = 0; i < 32 << 20; i += 512) ((volatile char *)memory)[i] = 1;
  puts("done");
}
