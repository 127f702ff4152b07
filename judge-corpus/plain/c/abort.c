/*
about: aborts, having said why
expect: RE
says: SIGABRT[\s\S]*the reason
*/
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  fputs("the reason\n", stderr);
  abort();
}
