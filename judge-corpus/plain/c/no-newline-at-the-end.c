/*
about: does not end its last line
expect: AC
tests: [{ out: "42\n" }]
*/
#include <stdio.h>
int main(void) { printf("42"); }
