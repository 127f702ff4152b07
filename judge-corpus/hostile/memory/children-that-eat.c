/*
about: eats in many children, none of which is large
expect: MLE
*/
#include <stdlib.h>
#include <unistd.h>
int main(void) {
  for (int i = 0; i < 20; i++) {
    if (fork() != 0) continue;
    volatile char *memory = malloc(8 << 20);
    for (int at = 0; at < 8 << 20; at += 512) memory[at] = 1;
    for (;;) pause();
  }
  for (;;) pause();
}
