/*
about: ends by _exit, so that what it printed stays in its buffer
expect: WA
tests: [{ out: "42\n" }]
*/
#include <stdio.h>
#include <unistd.h>
int main(void) {
  printf("42\n");
  _exit(0);
}
