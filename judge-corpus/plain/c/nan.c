/*
about: says nan where a number is asked, which no tolerance forgives
expect: WA
compare: { floatAbsoluteTolerance: 1000000000 }
tests: [{ out: "3.5\n" }]
*/
#include <stdio.h>
int main(void) { puts("nan"); }
