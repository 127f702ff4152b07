/*
about: asks the preprocessor whether a file of the host is there
expect: AC
escapesBare: true
tests: [{ out: "nothing\n" }]
*/
#include <stdio.h>
#if __has_include("@secret@")
#define FOUND 1
#else
#define FOUND 0
#endif
int main(void) { puts(FOUND ? "ESCAPED" : "nothing"); }
