/*
about: writes a file larger than it may, and dies of it
expect: RE
says: SIGXFSZ|exit code 5
*/
#include <fcntl.h>
#include <unistd.h>
int main(void) {
  static char piece[1 << 20];
  int file = open("huge", O_WRONLY | O_CREAT, 0600);
  for (int i = 0; i < 1000; i++)
    if (write(file, piece, sizeof piece) != sizeof piece) return 5;
  return 0;
}
