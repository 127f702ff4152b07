/*
 * The bare twin of a run in the sandbox: fork, exec, wait, and nothing that confines. `twin COUNT PAUSE-US PROGRAM ARG…` prints how long each took,
 * in microseconds, one a line. With a pause it sleeps before each.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

int main(int argc, char **argv) {
  if (argc < 4) return 64;
  const int count = atoi(argv[1]);
  const long pause_us = atol(argv[2]);
  for (int i = 0; i < count; i++) {
    const struct timespec pause = {pause_us / 1000000, pause_us % 1000000 * 1000};
    if (pause_us > 0) nanosleep(&pause, NULL);
    const double started = now_us();
    const pid_t child = fork();
    if (child < 0) return 71;
    if (child == 0) {
      execv(argv[3], argv + 3);
      _exit(127);
    }
    int status;
    if (waitpid(child, &status, 0) != child || status != 0) return 1;
    printf("%.1f\n", now_us() - started);
  }
  return 0;
}
