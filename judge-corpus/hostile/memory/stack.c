/*
about: grows its stack by the page, far beyond the limit
expect: [MLE, RE]
says: too much memory|SIGSEGV
*/
#include <alloca.h>
#include <string.h>
int main(void) {
  for (;;) memset(alloca(4096), 1, 4096);
}
