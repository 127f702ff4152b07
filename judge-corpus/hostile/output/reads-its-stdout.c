/*
about: opens its stdout for reading, to take back or see what others say
expect: AC
tests: [{ out: "refused refused\n" }]
*/
#include <fcntl.h>
#include <stdio.h>
int main(void) {
  const int out = open("/proc/self/fd/1", O_RDONLY | O_NONBLOCK), err = open("/dev/stderr", O_RDWR | O_NONBLOCK);
  printf("%s %s\n", out < 0 ? "refused" : "ESCAPED", err < 0 ? "refused" : "ESCAPED");
}
