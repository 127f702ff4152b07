/*
about: recurses for ever
expect: [RE, MLE]
*/
#include <stdio.h>
__attribute__((noinline)) static int forever(volatile int *from) {
  volatile int here = *from + 1;
  return forever(&here) + here;
}
int main(void) {
  volatile int zero = 0;
  printf("%d\n", forever(&zero));
}
