/*
about: changes what children inherit - mask, priority, ignored signals, limits, folder; the next test has them as they were
expect: AC
tests: [{ out: "022 0 0 1\n" }, { out: "022 0 0 1\n" }]
*/
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void) {
  struct sigaction now;
  int ignored = 0;
  for (int number = 1; number < 32; number++)
    if (number != SIGKILL && number != SIGSTOP && sigaction(number, NULL, &now) == 0) ignored += now.sa_handler != SIG_DFL;
  sigset_t blocked;
  sigprocmask(SIG_SETMASK, NULL, &blocked);
  for (int number = 1; number < 32; number++) ignored += sigismember(&blocked, number);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  printf("%03o %d %d %d\n", umask(0777), getpriority(PRIO_PROCESS, 0), ignored, files.rlim_cur >= 64);
  setpriority(PRIO_PROCESS, 0, 19);
  signal(SIGTERM, SIG_IGN);
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){4, 4});
  if (chdir("/") != 0) return 1;
}
