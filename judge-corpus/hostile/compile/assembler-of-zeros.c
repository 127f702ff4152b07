/*
about: lets the assembler take in /dev/zero, which has no end
expect: CE
*/
__asm__(".data\n.incbin \"/dev/zero\"\n.text");
int main(void) {}
