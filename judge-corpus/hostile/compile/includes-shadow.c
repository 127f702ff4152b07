/*
about: includes /etc/shadow, whose lines a compiler would quote in its errors
expect: CE
says: No such file|Permission denied
*/
#include "/etc/shadow"
int main(void) {}
