/*
about: is right in the first test and overflows in the second; the third is not run
expect: WA
tests:
  - { in: "1 2\n", out: "3\n", verdict: AC }
  - { in: "2000000000 2000000000\n", out: "4000000000\n", verdict: WA }
  - { in: "1 1\n", out: "2\n", verdict: SKIPPED }
*/
#include <stdio.h>
int main(void) {
  int a, b;
  if (scanf("%d %d", &a, &b) == 2) printf("%d\n", (int)((unsigned)a + (unsigned)b));
}
