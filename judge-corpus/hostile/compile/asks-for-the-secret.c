/*
about: asks the preprocessor which files of the host there are
expect: AC
escapesBare: true
tests: [{ out: "nothing\n" }]
*/
#include <stdio.h>
#if __has_include("@secret@") || __has_include("/etc/shadow") || __has_include("/root/.bashrc") || __has_include("/etc/machine-id")
#define FOUND 1
#else
#define FOUND 0
#endif
int main(void) { puts(FOUND ? "ESCAPED" : "nothing"); }
