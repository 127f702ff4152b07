/*
about: adds two numbers in each of three tests
expect: AC
tests:
  - { in: "1 2\n", out: "3\n" }
  - { in: "10 -4\n", out: "6\n" }
  - { in: "1000000000 1000000000\n", out: "2000000000\n" }
cpuMs: [0, 200]
memoryMiB: [0, 8]
*/
#include <stdio.h>
int main(void) {
  long long a, b;
  if (scanf("%lld %lld", &a, &b) == 2) printf("%lld\n", a + b);
}
