/*
about: reads through a null pointer
expect: RE
says: SIGSEGV
*/
int main(void) {
  int *volatile nowhere = 0;
  return *nowhere;
}
