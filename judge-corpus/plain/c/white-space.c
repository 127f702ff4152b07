/*
about: has other white space than the answer, which makes no difference
expect: AC
tests: [{ out: "1 2 3\nfour\n" }]
*/
#include <stdio.h>
int main(void) { printf("\r\n 1\t2  3\r\n\r\nfour"); }
