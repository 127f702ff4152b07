/*
about: dies with a large memory and wants it dumped
expect: RE
says: SIGABRT
tests: [{}]
*/
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
int main(void) {
  setrlimit(RLIMIT_CORE, &(struct rlimit){1 << 30, 1 << 30});
  prctl(PR_SET_DUMPABLE, 1);
  volatile char *memory = malloc(32 << 20);
  for (int at = 0; at < 32 << 20; at += 4096) memory[at] = 1;
  abort();
}
