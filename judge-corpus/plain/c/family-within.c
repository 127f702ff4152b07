/*
about: three children touch 10 MiB each at the same time and wait for each other
expect: AC
tests: [{ out: "done\n" }]
memoryMiB: [28, 40]
*/
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  for (int i = 0; i < 3; i++) {
    if (fork() == 0) {
      char *volatile memory = malloc(10 << 20);
      memset(memory, 1, 10 << 20);
      nanosleep(&(struct timespec){0, 300000000}, NULL);
      _exit(memory[5] - 1);
    }
  }
  while (wait(NULL) > 0) continue;
  puts("done");
}
