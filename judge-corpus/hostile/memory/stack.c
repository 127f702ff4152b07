/*
about: grows its stack by the page, far beyond the limit
expect: [MLE, RE]
*/
#include <alloca.h>
#include <string.h>
int main(void) {
  for (;;) memset(alloca(4096), 1, 4096);
}
