/*
about: "does what is an administrator's: clock, host name, swap, kernel log, modules, accounting, ports"
expect: AC
tests: [{ out: "clock refused\nhost name refused\nswap refused\nkernel log refused\nmodule refused\naccounting refused\nkexec refused\nhang up refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <sys/timex.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <time.h>
#include <sys/swap.h>
static char text[64];
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("clock", clock_settime(CLOCK_REALTIME, &(struct timespec){1, 0}));
  say("host name", sethostname("corpus", 6));
  say("swap", swapon("/tmp/nothing", 0));
  say("kernel log", syscall(SYS_syslog, 3, text, sizeof text));
  say("module", syscall(SYS_init_module, text, 1, ""));
  say("accounting", acct("/tmp/nothing"));
  say("kexec", syscall(SYS_kexec_load, 0, 0, NULL, 0));
  say("hang up", vhangup());
}
