/*
about: makes a file of a terabyte that holds nothing
expect: AC
tests: [{ out: "refused\nrefused\nrefused\n" }]
*/
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  signal(SIGXFSZ, SIG_IGN);
  const char *const names[] = {"./sparse", "/tmp/sparse", "/dev/shm/sparse"};
  for (int i = 0; i < 3; i++) {
    int file = open(names[i], O_RDWR | O_CREAT, 0600);
    const int done = ftruncate(file, 1L << 40) == 0 || fallocate(file, 0, 0, 1L << 40) == 0 || pwrite(file, "x", 1, 1L << 40) == 1;
    puts(done ? "ESCAPED" : "refused");
  }
}
