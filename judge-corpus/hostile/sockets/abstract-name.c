/*
about: holds an abstract socket in a daemon it leaves; the next test takes the same name
expect: AC
tests: [{ out: "taken\n" }, { out: "taken\n" }, { out: "taken\n" }]
*/
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
int main(void) {
  struct sockaddr_un name = {AF_UNIX, "\0corpus-abstract"};
  int own = socket(AF_UNIX, SOCK_STREAM, 0);
  const int bound = bind(own, (struct sockaddr *)&name, (socklen_t)(sizeof name.sun_family + 16));
  puts(bound == 0 && listen(own, 1) == 0 ? "taken" : "ESCAPED");
  fflush(stdout);
  if (fork() == 0) {
    setsid();
    for (;;) pause();
  }
}
