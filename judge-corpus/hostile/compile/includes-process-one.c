/*
about: includes the environment of process 1
expect: CE
says: Permission denied|No such file|cannot
*/
#include "/proc/1/environ"
int main(void) {}
