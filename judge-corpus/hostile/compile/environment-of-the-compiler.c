/*
about: takes in the environment of its own assembler and says what in it is not of the sandbox
expect: [AC, CE]
tests: [{ out: "bare\n" }]
*/
#include <stdio.h>
#include <string.h>
__asm__(".section .rodata\n.global stolen\nstolen: .incbin \"/proc/self/environ\"\n.global stolen_end\nstolen_end: .byte 0\n.text");
extern const char stolen[], stolen_end[];
int main(void) {
  const char *const given[] = {"HOME=", "LANG=", "PATH=", "PWD=", "TMPDIR=", "COLLECT_", "COMPILER_PATH=", "LIBRARY_PATH=", "OFFLOAD_TARGET", "LC_"};
  for (const char *each = stolen; each < stolen_end; each += strlen(each) + 1) {
    int known = 0;
    for (int i = 0; i < 10; i++) known += strncmp(each, given[i], strlen(given[i])) == 0;
    if (!known) printf("ESCAPED %s\n", each);
  }
  puts("bare");
}
