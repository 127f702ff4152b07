/*
about: answers well, then touches twice its memory and ends well if it may
expect: MLE
tests: [{ out: "42\n" }]
*/
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  puts("42");
  fflush(stdout);
  volatile char *memory = malloc(128 << 20);
  for (int at = 0; at < 128 << 20; at += 512) memory[at] = 1;
}
