/*
about: children by vfork that never exec, each the parent of the next
expect: [TLE, RE]
says: too much CPU|elapsed|SIG
limits: { cpuMs: 200 }
*/
#define _GNU_SOURCE
#include <unistd.h>
int main(void) {
  for (;;) vfork();
}
