/*
about: leaves pipes with names under which the judge might look for files, so that it would wait for ever
expect: AC
tests: [{ out: "done\n" }, { out: "done\n" }]
*/
#include <stdio.h>
#include <sys/stat.h>
int main(void) {
  const char *const names[] = {"output", "a.out", "core", "stdin", "/tmp/output", "/tmp/a.out", "/dev/shm/output"};
  for (int i = 0; i < 6; i++)
    if (mkfifo(names[i], 0666) != 0) puts("was there: ESCAPED");
  mkfifo(names[6], 0666);
  puts("done");
}
