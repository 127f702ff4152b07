/*
about: says what is right and ends with exit code 3
expect: RE
tests: [{ out: "42\n" }]
says: exit code 3
*/
#include <stdio.h>
int main(void) {
  puts("42");
  return 3;
}
