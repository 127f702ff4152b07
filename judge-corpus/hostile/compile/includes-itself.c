/*
about: includes itself for ever
expect: CE
*/
#include __FILE__
int main(void) {}
