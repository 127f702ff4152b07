/*
about: computes in three children, one of them not waited for, and stays within the limit
expect: AC
limits: { cpuMs: 900 }
tests: [{ out: "done\n" }]
cpuMs: [290, 600]
*/
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  for (int i = 0; i < 3; i++) {
    if (fork() == 0) {
      while (clock() < CLOCKS_PER_SEC / 10) continue;
      if (write(ends[1], "x", 1) != 1) return 1;
      _exit(0);
    }
  }
  char told[3];
  for (int have = 0; have < 3;) have += (int)read(ends[0], told, sizeof told);
  waitpid(-1, NULL, 0);
  waitpid(-1, NULL, 0);
  puts("done");
}
