/*
about: counts how many threads it can have at once, which are at most a thousand
expect: AC
tests: [{ out: "bounded\n" }]
*/
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static void *wait_for_ever(void *nothing) {
  for (;;) pause();
  return nothing;
}
int main(void) {
  int threads = 0;
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 65536);
  for (pthread_t thread; threads < 1000 && pthread_create(&thread, &small, wait_for_ever, NULL) == 0;) threads++;
  puts(threads < 1000 ? "bounded" : "ESCAPED");
}
