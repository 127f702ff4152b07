/*
about: calls every system call number there might be with arguments that mean nothing, each in a child
expect: [AC, TLE, MLE]
limits: { cpuMs: 3000 }
tests: [{ out: "done\n" }, { out: "done\n" }]
*/
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  for (long number = 0; number < 600; number++) {
    if (number == SYS_fork || number == SYS_vfork || number == SYS_clone) continue;
    pid_t child = fork();
    if (child == 0) {
      alarm(1);
      if (number != SYS_pause && number != SYS_rt_sigsuspend && number != SYS_ppoll) syscall(number, -1L, -1L, -1L, -1L, -1L, -1L);
      _exit(0);
    }
    waitpid(child, NULL, 0);
  }
  puts("done");
}
