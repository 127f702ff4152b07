/*
 * The bare twin of the judge: the same program, started by fork and exec from a process as small as the runner, and waited for. Nothing is confined.
 *
 *   bare ROUNDS INPUT PROGRAM ARGUMENT...      in the program's folder; INPUT is its stdin, its stdout goes nowhere
 *
 * Prints, a line each round: microseconds from fork to the end, and microseconds of CPU.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
static long cpu_us(const struct rusage *used) {
  return (used->ru_utime.tv_sec + used->ru_stime.tv_sec) * 1000000 + used->ru_utime.tv_usec + used->ru_stime.tv_usec;
}

int main(int argc, char **argv) {
  if (argc < 4) return 64;
  for (long round = atol(argv[1]); round > 0; round--) {
    const long begun = now_us();
    const pid_t pid = fork();
    if (pid == 0) {
      const int in = open(argv[2], O_RDONLY), out = open("/dev/null", O_WRONLY);
      if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0) _exit(126);
      execv(argv[3], argv + 3);
      _exit(127);
    }
    int status;
    struct rusage used;
    if (pid < 0 || wait4(pid, &status, 0, &used) != pid) return 71;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return 70;
    printf("%ld %ld\n", now_us() - begun, cpu_us(&used));
  }
  return 0;
}
