/*
about: says what is right and then something more
expect: WA
tests: [{ out: "3\n" }]
*/
#include <stdio.h>
int main(void) { puts("3\n4"); }
