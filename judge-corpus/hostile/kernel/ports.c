/*
about: "drives the hardware itself"
expect: AC
tests: [{ out: "iopl refused\nioperm refused\nldt refused\n" }]
processor: x64
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/io.h>
#include <fcntl.h>
#include <unistd.h>
#include <asm/ldt.h>
#include <sys/syscall.h>
static struct user_desc entry = {.limit = 1};
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("iopl", iopl(3));
  say("ioperm", ioperm(0x80, 1, 1));
  say("ldt", syscall(SYS_modify_ldt, 1, &entry, sizeof entry));
}
