/*
about: computes for ever in eight threads
expect: TLE
limits: { cpuMs: 60 }
cpuMs: [60, 400]
*/
#include <pthread.h>
static void *burn(void *nothing) {
  for (volatile long i = 0;; i++) continue;
  return nothing;
}
int main(void) {
  pthread_t thread;
  for (int i = 0; i < 7; i++) pthread_create(&thread, NULL, burn, NULL);
  burn(NULL);
}
