/*
about: truncates and overwrites its input by descriptor and by path; the next test has the same input
expect: AC
tests: [{ in: "1 2 3 4\n", out: "10 refused\n" }, { in: "1 2 3 4\n", out: "10 refused\n" }]
*/
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  int sum = 0, changed = 0;
  for (int number; scanf("%d", &number) == 1;) sum += number;
  changed += ftruncate(0, 0) == 0;
  changed += pwrite(0, "9 9 9 9", 7, 0) > 0;
  changed += write(0, "9 9 9 9", 7) > 0;
  changed += fallocate(0, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4) == 0;
  changed += fchmod(0, 0666) == 0;
  const char *const paths[] = {"/dev/stdin", "/proc/self/fd/0", "/dev/fd/0"};
  for (int i = 0; i < 3; i++) {
    changed += truncate(paths[i], 0) == 0;
    int again = open(paths[i], O_RDWR | O_TRUNC);
    changed += again >= 0;
    if (again >= 0 && write(again, "9", 1) < 0) changed++;
  }
  printf("%d %s\n", sum, changed == 0 ? "refused" : "ESCAPED");
}
