/*
about: answers without reading any of its 4 MB of input
expect: AC
tests:
  - in: { repeat: "0123456789abcde\n", times: 262144 }
    out: "42\n"
*/
#include <stdio.h>
int main(void) { puts("42"); }
