/*
about: makes system calls by int 0x80, where the numbers mean others than the filter knows
expect: RE
says: forbidden system call
processor: x64
*/
int main(void) {
  long answer;
  __asm__ volatile("int $0x80" : "=a"(answer) : "a"(20L) : "memory"); /* getpid */
  return answer > 0 ? 0 : 1;
}
