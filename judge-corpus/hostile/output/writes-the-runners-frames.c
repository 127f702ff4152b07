/*
about: says on both streams and on every other descriptor what the runner would say of a well ended program
expect: WA
tests: [{ out: "42\n" }]
*/
#include <string.h>
#include <unistd.h>
int main(void) {
  static unsigned char frame[8 + 64];
  frame[0] = 64;
  frame[4] = 'D';
  for (int fd = 0; fd < 64; fd++)
    if (write(fd, frame, sizeof frame) < 0) continue;
}
