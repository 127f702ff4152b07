/*
about: divides by zero
expect: RE
says: SIGFPE
*/
int main(void) {
  volatile int zero = 0;
  return 7 / zero;
}
