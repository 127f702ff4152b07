/*
about: its first thread ends by pthread_exit and another computes for ever
expect: TLE
limits: { cpuMs: 60 }
cpuMs: [60, 300]
*/
#include <pthread.h>
static void *burn(void *nothing) {
  for (volatile long i = 0;; i++) continue;
  return nothing;
}
int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, burn, NULL);
  pthread_exit(NULL);
}
