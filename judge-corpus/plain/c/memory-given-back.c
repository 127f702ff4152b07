/*
about: uses 8 MiB twenty times over and gives it back each time
expect: AC
tests: [{ out: "done\n" }]
memoryMiB: [8, 14]
*/
#include <stdio.h>
#include <sys/mman.h>
#include <string.h>
int main(void) {
  for (int i = 0; i < 20; i++) {
    void *at = mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(at, i, 8 << 20);
    munmap(at, 8 << 20);
  }
  puts("done");
}
