/*
about: grows files that lie in memory (memfd) and maps none of them
expect: [MLE, RE]
says: too much memory|exit code [12]
limits: { memoryMiB: 64 }
*/
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void) {
  static char piece[1 << 20];
  memset(piece, 1, sizeof piece);
  for (int i = 0; i < 100; i++) {
    int file = memfd_create("hoard", 0);
    if (file < 0) return 1;
    for (int j = 0; j < 8; j++)
      if (write(file, piece, sizeof piece) < 0) return 2;
  }
}
