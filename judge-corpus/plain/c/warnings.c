/*
about: compiles with warnings
expect: AC
tests: [{ out: "ok\n" }]
*/
#include <stdio.h>
int main(void) {
  int unused = "text";
  printf("ok\n", unused);
}
