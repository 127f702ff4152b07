/*
about: blocks and ignores every signal and computes for ever
expect: TLE
limits: { cpuMs: 60 }
cpuMs: [60, 300]
*/
#include <signal.h>
int main(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, 0);
  for (int signal_number = 1; signal_number < 65; signal_number++) signal(signal_number, SIG_IGN);
  for (volatile long i = 0;; i++) continue;
}
