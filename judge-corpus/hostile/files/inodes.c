/*
about: makes files without content until there can be no more; the next test can make one
expect: AC
limits: { cpuMs: 2000 }
tests: [{ in: "flood", out: "bounded\n" }, { in: "one", out: "bounded\n" }]
*/
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  char what[8] = "", name[64];
  int made = 0;
  if (scanf("%7s", what) != 1) return 1;
  const char *const folders[] = {".", "/tmp", "/dev/shm"};
  for (int folder = 0; folder < 3; folder++) {
    for (int number = 0; number < (what[0] == 'f' ? 30000 : 1); number++) {
      snprintf(name, sizeof name, "%s/file-%d-%d", folders[folder], folder, number);
      const int file = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
      if (file < 0) break;
      close(file);
      made++;
    }
  }
  puts(what[0] == 'f' ? (made < 30000 ? "bounded" : "ESCAPED") : made == 3 ? "bounded" : "the next test has no room");
}
