/*
about: maps its input shared and writable; the next test has the same input
expect: AC
tests: [{ in: "1 2 3 4\n", out: "refused\n" }, { in: "1 2 3 4\n", out: "refused\n" }]
*/
#include <stdio.h>
#include <sys/mman.h>
int main(void) {
  char *at = mmap(0, 8, PROT_READ | PROT_WRITE, MAP_SHARED, 0, 0);
  if (at != MAP_FAILED) at[0] = '9';
  char start = 0;
  puts(at == MAP_FAILED && scanf("%c", &start) == 1 && start == '1' ? "refused" : "ESCAPED");
}
