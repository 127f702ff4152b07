/*
about: has other white space than the answer where the problem says that it matters
expect: WA
compare: { spaceChangeSensitive: true }
tests: [{ out: "1 2 3\n" }]
*/
#include <stdio.h>
int main(void) { puts("1  2 3"); }
