/* Answers each number with the next, until there are no more. */
#include <stdio.h>

int main(void) {
  for (long number; scanf("%ld", &number) == 1;) {
    printf("%ld\n", number + 1);
    fflush(stdout);
  }
  return 0;
}
