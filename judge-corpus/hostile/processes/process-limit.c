/*
about: counts how many children it can have at once, which are at most a thousand, and ends well without waiting for them
expect: AC
tests: [{ out: "bounded\n" }, { out: "bounded\n" }]
*/
#include <stdio.h>
#include <unistd.h>
int main(void) {
  int children = 0;
  while (children < 1000) {
    pid_t child = fork();
    if (child == 0)
      for (;;) pause();
    if (child < 0) break;
    children++;
  }
  puts(children < 1000 ? "bounded" : "ESCAPED");
}
