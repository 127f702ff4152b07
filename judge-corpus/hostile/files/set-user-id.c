/*
about: makes a copy of itself that changes its user when started, and one with capabilities
expect: AC
tests: [{ out: "same user\n" }]
*/
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
int main(int argc, char **argv) {
  if (argc > 1) return geteuid() != getuid() || geteuid() == 0 || getegid() != getgid();
  static char buffer[1 << 16];
  int from = open("/proc/self/exe", O_RDONLY), to = open("copy", O_WRONLY | O_CREAT, 0755);
  for (long got; (got = read(from, buffer, sizeof buffer)) > 0;)
    if (write(to, buffer, (size_t)got) != got) return 1;
  int gained = fchown(to, 0, 0) == 0;
  fchmod(to, 06755);
  const unsigned char everything[20] = {1, 0, 0, 2, 255, 255, 255, 255, 255, 255, 255, 255};
  gained += fsetxattr(to, "security.capability", everything, sizeof everything, 0) == 0;
  close(to);
  int status = 0;
  if (fork() == 0) {
    execl("./copy", argv[0], "check", (char *)0);
    _exit(9);
  }
  wait(&status);
  puts(gained == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? "same user" : "ESCAPED");
}
