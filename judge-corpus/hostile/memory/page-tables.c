/*
about: touches one page in each 2 MiB of 512 GiB, so that page tables eat what the pages do not
expect: [MLE, TLE]
limits: { cpuMs: 1000 }
*/
#include <stdint.h>
#include <sys/mman.h>
int main(void) {
  const size_t size = (size_t)512 << 30;
  volatile char *memory = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if ((void *)memory == MAP_FAILED) return 1;
  volatile char sum = 0;
  for (size_t at = 0; at < size; at += 2 << 20) sum += memory[at]; /* read: all of them the page of zeros */
}
