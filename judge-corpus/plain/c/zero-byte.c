/*
about: says the right number with a zero byte behind it
expect: WA
tests: [{ out: "42\n" }]
*/
#include <stdio.h>
int main(void) { fwrite("42\0\n", 1, 4, stdout); }
