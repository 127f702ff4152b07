/*
about: ends well while a child in a session of its own is about to say more
expect: AC
tests: [{ out: "42\n" }]
*/
#include <stdio.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  if (fork() == 0) {
    setsid();
    nanosleep(&(struct timespec){0, 100000000}, NULL);
    return write(1, "ESCAPED\n", 8) != 8;
  }
  puts("42");
}
