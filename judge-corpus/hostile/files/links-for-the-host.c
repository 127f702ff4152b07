/*
about: leaves links to files and folders of the host under every name that the judge might open or empty
expect: AC
tests: [{ in: "@secret@ @folder@", out: "done\n" }, { in: "@secret@ @folder@", out: "done\n" }]
*/
#include <stdio.h>
#include <unistd.h>
int main(void) {
  char secret[256], folder[256], path[512];
  if (scanf("%255s %255s", secret, folder) != 2) return 1;
  const char *const places[] = {".", "/tmp", "/dev/shm"}, *const names[] = {"stdout", "stderr", "output", "result", "core", "input", "a.out", "d"};
  for (int place = 0; place < 3; place++) {
    for (int name = 0; name < 8; name++) {
      snprintf(path, sizeof path, "%s/%s", places[place], names[name]);
      if (symlink(name % 2 == 0 ? secret : folder, path) != 0 && place != 2) puts("was there: ESCAPED");
    }
  }
  puts("done");
}
