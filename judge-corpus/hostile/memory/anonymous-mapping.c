/*
about: maps private memory and touches it for ever
expect: MLE
*/
#include <string.h>
#include <sys/mman.h>
int main(void) {
  for (;;) memset(mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 1, 1 << 20);
}
