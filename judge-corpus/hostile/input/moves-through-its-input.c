/*
about: reads to the end and back again; the next test with the same input starts at its beginning
expect: AC
tests: [{ in: "first\n", out: "first\n" }, { in: "first\n", out: "first\n" }]
*/
#include <stdio.h>
#include <unistd.h>
int main(void) {
  char word[16] = "";
  if (scanf("%15s", word) != 1) return 1;
  puts(word);
  lseek(0, 0, SEEK_END);
}
