/*
about: lets the assembler take in a file of the host (.incbin)
expect: CE
escapesBare: true
*/
#include <stdio.h>
__asm__(".section .rodata\n.global stolen\nstolen: .incbin \"@secret@\"\n.byte 0\n.text");
extern const char stolen[];
int main(void) { puts(stolen); }
