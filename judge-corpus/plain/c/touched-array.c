/*
about: has an array of 128 MiB and touches it all
expect: MLE
says: too much memory
*/
static volatile char large[128 << 20];
int main(void) {
  for (int i = 0; i < 128 << 20; i += 512) large[i] = 1;
}
