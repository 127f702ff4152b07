/*
about: makes hard links to files that are not its own, to keep or to change them
expect: AC
tests: [{ out: "refused\n" }, { out: "refused\n" }]
*/
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  const char *const from[] = {"/etc/passwd", "/bin/sh", "/build/main", "main", "/proc/self/exe", "/proc/self/fd/0"};
  const char *const to[] = {"./link", "/tmp/link", "/dev/shm/link"};
  int linked = 0;
  for (int i = 0; i < 6; i++)
    for (int j = 0; j < 3; j++) linked += linkat(AT_FDCWD, from[i], AT_FDCWD, to[j], AT_SYMLINK_FOLLOW) == 0;
  puts(linked == 0 ? "refused" : "ESCAPED");
}
