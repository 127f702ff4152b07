/*
about: looks for descriptors that it was not given, and for what they lead to
expect: AC
tests: [{ out: "three\n" }]
*/
#include <fcntl.h>
#include <stdio.h>
int main(void) {
  int open_ones = 0;
  for (int fd = 0; fd < 4096; fd++) open_ones += fcntl(fd, F_GETFD) >= 0 && fd > 2;
  puts(open_ones == 0 ? "three" : "ESCAPED");
}
