/* twin ASKER ANSWERER N: both as bare processes with two pipes between them, on the first core that may be used. Prints how long it took and the CPU of both, in microseconds. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void start(int in, int out, const int others[2], char *const argv[]) {
  if (fork() != 0) return;
  if (dup2(in, 0) < 0 || dup2(out, 1) < 0) _exit(126);
  close(in);
  close(out);
  for (int i = 0; i < 2; i++) close(others[i]);
  execv(argv[0], argv);
  _exit(127);
}

int main(int argc, char **argv) {
  int there[2], back[2], status;
  struct timespec began, ended;
  cpu_set_t cores, one;
  if (argc != 4 || pipe(there) != 0 || pipe(back) != 0 || sched_getaffinity(0, sizeof cores, &cores) != 0) return 64;
  CPU_ZERO(&one);
  for (int core = 0; CPU_COUNT(&one) == 0; core++)
    if (CPU_ISSET(core, &cores)) CPU_SET(core, &one);
  if (sched_setaffinity(0, sizeof one, &one) != 0) return 71;
  clock_gettime(CLOCK_MONOTONIC, &began);
  start(there[0], back[1], (int[]){there[1], back[0]}, (char *[]){argv[2], NULL});
  start(back[0], there[1], (int[]){back[1], there[0]}, (char *[]){argv[1], argv[3], NULL});
  for (int i = 0; i < 2; i++) {
    close(there[i]);
    close(back[i]);
  }
  for (int i = 0; i < 2; i++)
    if (wait(&status) < 0 || status != 0) return 1;
  clock_gettime(CLOCK_MONOTONIC, &ended);
  struct rusage used;
  getrusage(RUSAGE_CHILDREN, &used);
  const long cpu = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
  printf("%ld %ld\n", (ended.tv_sec - began.tv_sec) * 1000000L + (ended.tv_nsec - began.tv_nsec) / 1000, cpu);
  return 0;
}
