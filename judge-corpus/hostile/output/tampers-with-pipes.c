/*
about: shrinks, grows and unblocks the pipes that lead to the judge, and answers all the same
expect: AC
tests:
  - out: { repeat: "0123456789abcde\n", times: 20000 }
*/
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
int main(void) {
  fcntl(1, F_SETPIPE_SZ, 4096);
  fcntl(2, F_SETPIPE_SZ, 1 << 20);
  fcntl(1, F_SETFL, O_NONBLOCK | O_WRONLY);
  fcntl(1, F_SETOWN, getpid());
  static char all[20000 * 16];
  for (int i = 0; i < 20000; i++) memcpy(all + 16 * i, "0123456789abcde\n", 16);
  for (size_t sent = 0; sent < sizeof all;) {
    long got = write(1, all + sent, sizeof all - sent);
    if (got > 0) sent += (size_t)got;
    else poll(&(struct pollfd){1, POLLOUT, 0}, 1, -1);
  }
}
