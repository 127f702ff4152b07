/*
about: a child that lives for a moment and touches three times the limit
expect: MLE
tests: [{ out: "42\n" }]
*/
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  if (fork() == 0) {
    volatile char *memory = malloc(192 << 20);
    for (int at = 0; at < 192 << 20; at += 4096) memory[at] = 1;
    _exit(0);
  }
  wait(NULL);
  puts("42");
}
