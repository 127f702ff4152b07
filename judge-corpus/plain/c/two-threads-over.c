/*
about: computes in two threads, whose times add up
expect: TLE
limits: { cpuMs: 100 }
cpuMs: [100, 300]
*/
#include <pthread.h>
#include <stdio.h>
#include <time.h>
static void *burn(void *nothing) {
  struct timespec now;
  do clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  while (now.tv_sec * 1000 + now.tv_nsec / 1000000 < 110);
  return nothing;
}
int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, burn, NULL);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  puts("done");
}
