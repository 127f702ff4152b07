/*
about: reads one number more than there is, and gets the end of file
expect: AC
tests: [{ in: "1\n", out: "end\n" }]
*/
#include <stdio.h>
int main(void) {
  int a, b;
  puts(scanf("%d %d", &a, &b) == 1 ? "end" : "more");
}
