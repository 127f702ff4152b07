/*
about: closes its streams and computes for ever, unseen
expect: TLE
limits: { cpuMs: 150 }
*/
#include <unistd.h>
int main(void) {
  for (int fd = 0; fd < 3; fd++) close(fd);
  for (volatile long i = 0;; i++) continue;
}
