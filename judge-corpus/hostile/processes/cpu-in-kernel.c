/*
about: "lets the kernel do its work: reads zeros for ever"
expect: TLE
limits: { cpuMs: 60 }
cpuMs: [60, 300]
*/
#include <fcntl.h>
#include <unistd.h>
int main(void) {
  static char buffer[1 << 20];
  int zeros = open("/dev/zero", O_RDONLY);
  while (read(zeros, buffer, sizeof buffer) > 0) continue;
}
