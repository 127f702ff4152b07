/*
about: pushes a command into the terminal of whoever started the judge (TIOCSTI)
expect: AC
tests: [{ out: "refused\n" }]
*/
#include <stdio.h>
#include <sys/ioctl.h>
#include <fcntl.h>
int main(void) {
  int pushed = 0;
  const int terminal = open("/dev/tty", O_RDWR), console = open("/dev/console", O_RDWR | O_NONBLOCK);
  const int fds[] = {0, 1, 2, terminal, console};
  for (int i = 0; i < 5; i++)
    for (const char *letter = "id\n"; *letter; letter++) pushed += ioctl(fds[i], TIOCSTI, letter) == 0;
  puts(pushed == 0 ? "refused" : "ESCAPED");
}
