/*
about: maps shared memory, touches it and maps no more than one piece at a time, so that its own size stays small
expect: MLE
*/
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void) {
  for (int i = 0; i < 30; i++) { /* a child each, which holds its piece */
    void *piece = mmap(0, 8 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memset(piece, 1, 8 << 20);
    if (fork() == 0)
      for (;;) pause();
    munmap(piece, 8 << 20);
  }
}
