/*
about: includes /dev/zero, which has no end
expect: CE
*/
#include "/dev/zero"
int main(void) {}
