/*
about: writes a program into its folder and becomes it; the limits stay
expect: TLE
limits: { cpuMs: 60 }
tests: [{ out: "the copy runs\n" }]
cpuMs: [60, 300]
*/
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "copy") == 0) {
    puts("the copy runs");
    fflush(stdout);
    for (volatile long i = 0;; i++) continue;
  }
  static char buffer[1 << 16];
  int from = open("/proc/self/exe", O_RDONLY), to = open("copy", O_WRONLY | O_CREAT, 0755);
  for (long got; (got = read(from, buffer, sizeof buffer)) > 0;)
    if (write(to, buffer, (size_t)got) != got) return 1;
  close(to);
  execl("./copy", "copy", "copy", (char *)0);
  return 2;
}
