/*
about: leaves dead children unreaped until there is no room for another
expect: AC
tests: [{ out: "bounded\n" }]
*/
#include <stdio.h>
#include <unistd.h>
int main(void) {
  int children = 0;
  while (children < 5000) {
    pid_t child = fork();
    if (child == 0) _exit(0);
    if (child < 0) break;
    children++;
  }
  puts(children < 5000 ? "bounded" : "ESCAPED");
}
