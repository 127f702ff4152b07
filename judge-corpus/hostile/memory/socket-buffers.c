/*
about: hoards in the buffers of socket pairs
expect: [AC, MLE, TLE]
tests: [{ out: "bounded\n" }]
*/
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) {
  static char piece[1 << 16];
  long hoarded = 0;
  for (int i = 0; i < 120; i++) {
    int ends[2], large = 8 << 20;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0) break;
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &large, sizeof large);
    for (long got; (got = write(ends[0], piece, sizeof piece)) > 0;) hoarded += got;
  }
  puts(hoarded < 100 << 20 ? "bounded" : "ESCAPED");
}
