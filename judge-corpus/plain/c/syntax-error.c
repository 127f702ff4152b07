/*
about: lacks a bracket, and the log names file and line
expect: CE
says: main\.c:8.*error
*/
#include <stdio.h>
int main(void) {
  printf("%d\n", 1;
}
