/*
about: reads 12 MB, which is not charged to its memory
expect: AC
tests:
  - in: { repeat: "123456789 ", times: 1200000 }
    out: "12000000\n"
memoryMiB: [0, 6]
*/
#include <stdio.h>
#include <unistd.h>
int main(void) {
  static char buffer[65536];
  long sum = 0;
  for (long got; (got = read(0, buffer, sizeof buffer)) > 0;) sum += got;
  printf("%ld\n", sum);
}
