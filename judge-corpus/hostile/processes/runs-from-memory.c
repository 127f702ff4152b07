/*
about: runs a copy of itself that lies in no file (memfd); the limits stay
expect: [TLE, RE]
says: too much CPU|exit code [13]
limits: { cpuMs: 60 }
cpuMs: [0, 300]
*/
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
int main(int argc, char **argv) {
  if (argc > 1)
    for (volatile long i = 0;; i++) continue;
  static char buffer[1 << 16];
  int from = open("/proc/self/exe", O_RDONLY), to = memfd_create("copy", 0);
  if (to < 0) return 1;
  for (long got; (got = read(from, buffer, sizeof buffer)) > 0;)
    if (write(to, buffer, (size_t)got) != got) return 2;
  char *const arguments[] = {argv[0], "copy", 0}, *const environment[] = {0};
  fexecve(to, arguments, environment);
  return 3;
}
