/*
about: lets the assembler repeat a line a hundred billion times
expect: CE
*/
__asm__(".data\n.rept 1000000\n.rept 100000\n.quad 0\n.endr\n.endr\n.text");
int main(void) {}
