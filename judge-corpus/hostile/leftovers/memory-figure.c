/*
about: the first test eats 48 MiB, the second nothing; the second is not charged for the first
expect: AC
tests: [{ in: "eat", out: "done\n" }, { in: "fast", out: "done\n" }]
memoryMiB: [48, 52]
*/
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
int main(void) {
  char what[8] = "";
  if (scanf("%7s", what) != 1) return 1;
  volatile char *memory = malloc(48 << 20);
  for (int at = 0; what[0] == 'e' && at < 48 << 20; at += 512) memory[at] = 1;
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  if (what[0] == 'f' && used.ru_maxrss > 24 << 10) puts("ESCAPED");
  puts("done");
}
