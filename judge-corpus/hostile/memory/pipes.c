/*
about: hoards in the buffers of pipes, which no process owns
expect: [AC, MLE]
tests: [{ out: "bounded\n" }]
*/
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  static char piece[1 << 20];
  long hoarded = 0;
  for (int i = 0; i < 120; i++) {
    int ends[2];
    if (pipe2(ends, O_NONBLOCK) != 0) break;
    fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
    for (long got; (got = write(ends[1], piece, sizeof piece)) > 0;) hoarded += got;
  }
  puts(hoarded < 100 << 20 ? "bounded" : "ESCAPED");
}
