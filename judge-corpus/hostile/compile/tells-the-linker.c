/*
about: asks linker and compiler by pragma, attribute and section for options it has no right to
expect: [AC, CE]
tests: [{ out: "nothing\n" }]
*/
#include <stdio.h>
#pragma GCC optimize("-fplugin=/tmp/x.so", "-fdump-tree-all=/tmp/x", "-specs=@secret@")
#pragma comment(lib, "@secret@")
#pragma GCC dependency "@secret@"
#pragma GCC push_options
__asm__(".section .init_array,\"aw\"\n.text");
int main(void) { puts("nothing"); }
