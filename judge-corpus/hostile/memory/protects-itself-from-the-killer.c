/*
about: asks the kernel's memory killer to spare it, then eats
expect: MLE
*/
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
int main(void) {
  int score = open("/proc/self/oom_score_adj", O_WRONLY);
  if (score >= 0 && write(score, "-1000", 5) == 5) return 9;
  for (;;) {
    volatile char *memory = malloc(1 << 20);
    for (int at = 0; at < 1 << 20; at += 512) memory[at] = 1;
  }
}
