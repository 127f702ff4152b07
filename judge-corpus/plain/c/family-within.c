/*
about: three children touch 10 MiB each at the same time and wait for each other
expect: AC
tests: [{ out: "done\n" }]
memoryMiB: [28, 40]
*/
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  int ready[2], go[2];
  char byte = 0;
  if (pipe(ready) != 0 || pipe(go) != 0) return 1;
  for (int i = 0; i < 3; i++) {
    if (fork() != 0) continue;
    close(go[1]);
    volatile char *memory = malloc(10 << 20);
    for (int at = 0; at < 10 << 20; at += 512) memory[at] = 1;
    if (write(ready[1], &byte, 1) != 1) return 2;
    return (int)read(go[0], &byte, 1) + memory[512] - 1;
  }
  for (int i = 0; i < 3; i++)
    if (read(ready[0], &byte, 1) != 1) return 3;
  nanosleep(&(struct timespec){0, 200000000}, NULL); /* long enough to be seen by who samples */
  close(go[1]);
  for (int status, i = 0; i < 3; i++)
    if (wait(&status) < 0 || status != 0) return 4;
  puts("done");
}
