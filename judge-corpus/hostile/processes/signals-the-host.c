/*
about: looks for the judge's worker by its process id and for any other by trying them all
expect: AC
tests: [{ in: "@pid@\n", out: "nobody\n" }]
escapesBare: true
*/
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  int worker, found = 0;
  if (scanf("%d", &worker) != 1) return 1;
  if (worker != getpid() && worker != 1 && kill(worker, 0) == 0) found++;
  for (int pid = 2; pid < 40000; pid++)
    if (pid != getpid() && kill(pid, 0) == 0) found++;
  puts(found == 0 ? "nobody" : "ESCAPED");
}
