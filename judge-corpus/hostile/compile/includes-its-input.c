/*
about: includes /dev/stdin, where the input of a test might lie
expect: [AC, CE]
tests: [{ in: "char stolen[] = \"ESCAPED\";\n", out: "nothing\n" }]
*/
#include <stdio.h>
#include "/dev/stdin"
char stolen[1];
int main(void) { puts(stolen[0] ? stolen : "nothing"); }
