/*
about: leaves POSIX shared memory and a named semaphore; the next test finds neither
expect: AC
tests: [{ out: "clean\n" }, { out: "clean\n" }]
*/
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
int main(void) {
  const int memory = shm_open("/corpus", O_RDWR | O_CREAT | O_EXCL, 0600);
  const sem_t *semaphore = sem_open("/corpus", O_CREAT | O_EXCL, 0600, 1);
  puts(memory >= 0 && semaphore != SEM_FAILED ? "clean" : "ESCAPED");
}
