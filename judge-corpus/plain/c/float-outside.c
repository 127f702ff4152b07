/*
about: is off by more than the tolerance
expect: WA
compare: { floatAbsoluteTolerance: 0.000001, floatRelativeTolerance: 0.000001 }
tests: [{ out: "3.14159265\n" }]
*/
#include <stdio.h>
int main(void) { puts("3.1416"); }
