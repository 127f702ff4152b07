/*
about: is off by less than the tolerance
expect: AC
compare: { floatAbsoluteTolerance: 0.000001 }
tests: [{ out: "3.14159265\n" }]
*/
#include <stdio.h>
int main(void) { puts("3.1415929e0"); }
