/*
about: includes /dev/urandom
expect: CE
*/
#include "/dev/urandom"
int main(void) {}
