/*
about: overwrites, removes and replaces the program that it is; the next test is the same program
expect: AC
tests: [{ out: "unchanged\n" }, { out: "unchanged\n" }]
*/
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void) {
  int changed = 0;
  const char *const names[] = {"/proc/self/exe", "main", "/build/main", "/box/main"};
  for (int i = 0; i < 4; i++) {
    const int fd = open(names[i], O_WRONLY);
    changed += fd >= 0 && write(fd, "x", 1) == 1;
    changed += truncate(names[i], 0) == 0;
    changed += chmod(names[i], 0777) == 0;
    changed += i > 0 && unlink(names[i]) == 0;
    changed += i > 0 && rename("/bin/true", names[i]) == 0;
  }
  changed += symlink("/bin/true", "/build/main2") == 0;
  changed += mkdir("/build/mine", 0777) == 0;
  puts(changed == 0 ? "unchanged" : "ESCAPED");
}
