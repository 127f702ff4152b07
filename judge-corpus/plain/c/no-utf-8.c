/*
about: says bytes that are no UTF-8
expect: WA
tests: [{ out: "42\n" }]
*/
#include <stdio.h>
int main(void) { fwrite("\xff\xfe\xc3\x28\n", 1, 5, stdout); }
