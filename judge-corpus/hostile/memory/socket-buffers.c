/*
about: hoards in the buffers of socket pairs, in four processes, since one has too few descriptors
expect: [AC, MLE, TLE]
tests: [{ out: "bounded\n" }]
*/
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
static long hoard(void) {
  static char piece[1 << 16];
  long hoarded = 0;
  for (int i = 0; i < 120; i++) {
    int ends[2], large = 8 << 20;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0) break;
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &large, sizeof large);
    for (long got; (got = write(ends[0], piece, sizeof piece)) > 0;) hoarded += got;
  }
  return hoarded;
}
int main(void) {
  /* nobody gives back what it has before all have counted */
  int done[2], go[2];
  long *const all = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (pipe(done) != 0 || pipe(go) != 0) return 1;
  for (int child = 0; child < 4; child++)
    if (fork() == 0) {
      __atomic_add_fetch(all, hoard(), __ATOMIC_SEQ_CST);
      char byte = 0;
      if (write(done[1], &byte, 1) != 1) _exit(1);
      close(go[1]);
      _exit((int)read(go[0], &byte, 1));
    }
  char byte;
  for (int child = 0; child < 4; child++)
    if (read(done[0], &byte, 1) != 1) return 1;
  puts(*all < 300L << 20 ? "bounded" : "ESCAPED");
}
