/*
about: says a megabyte on stderr, which is cut and not punished
expect: AC
tests: [{ out: "42\n" }]
*/
#include <stdio.h>
int main(void) {
  for (int i = 0; i < 65536; i++) fputs("0123456789abcde\n", stderr);
  puts("42");
}
