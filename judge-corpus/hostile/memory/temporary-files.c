/*
about: fills /tmp, /dev/shm and its own folder until nothing more can be written
expect: [AC, MLE]
limits: { memoryMiB: 256 }
tests: [{ out: "bounded\n" }]
memoryMiB: [0, 258]
*/
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(void) {
  static char piece[1 << 20];
  memset(piece, 1, sizeof piece);
  signal(SIGXFSZ, SIG_IGN);
  const char *const folders[] = {"/tmp", "/dev/shm", "."};
  long written = 0;
  for (int folder = 0; folder < 3; folder++) {
    for (int number = 0; number < 100 && written < 400; number++) {
      char name[64];
      snprintf(name, sizeof name, "%s/hoard%d", folders[folder], number);
      int file = open(name, O_WRONLY | O_CREAT, 0600);
      if (file < 0) break;
      int before = (int)written;
      while (written < 400 && write(file, piece, sizeof piece) == sizeof piece) written++;
      close(file);
      if (written == before) break;
    }
  }
  puts(written < 400 ? "bounded" : "ESCAPED");
}
