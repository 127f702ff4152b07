/*
about: includes /dev/tty and /dev/console, which would wait for somebody to type
expect: CE
*/
#include "/dev/tty"
#include "/dev/console"
int main(void) {}
