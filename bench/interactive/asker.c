/* asker N: says a line and hears one, N times. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  const long rounds = argc > 1 ? atol(argv[1]) : 1;
  for (long i = 0, heard; i < rounds; i++) {
    printf("%ld\n", i);
    fflush(stdout);
    if (scanf("%ld", &heard) != 1 || heard != i + 1) return 1;
  }
  return 0;
}
