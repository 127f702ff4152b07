/*
about: locks its program and files of the system and leaves a daemon with them; the next test locks the same
expect: AC
tests: [{ out: "free\n" }, { out: "free\n" }]
*/
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>
int main(void) {
  const char *const names[] = {"/proc/self/exe", "/etc/passwd", "/bin/sh"};
  int busy = 0;
  for (int i = 0; i < 3; i++) {
    const int file = open(names[i], O_RDONLY);
    busy += file >= 0 && flock(file, LOCK_EX | LOCK_NB) != 0;
  }
  puts(busy == 0 ? "free" : "ESCAPED");
  fflush(stdout);
  if (fork() == 0) {
    setsid();
    for (;;) pause();
  }
}
