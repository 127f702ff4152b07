/*
about: makes system calls by the numbers of the x32 ABI
expect: RE
says: forbidden system call
processor: x64
*/
#define _GNU_SOURCE
#include <unistd.h>
int main(void) {
  return syscall(0x40000000 + 39) > 0 ? 0 : 1; /* getpid */
}
