/*
about: leaves a daemon in a session of its own; the next test looks for any process but itself and the first
expect: AC
tests: [{ in: "leave", out: "alone\n" }, { in: "look", out: "alone\n" }, { in: "look", out: "alone\n" }]
*/
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(void) {
  int strangers = 0;
  DIR *processes = opendir("/proc");
  for (struct dirent *entry; processes != NULL && (entry = readdir(processes)) != NULL;)
    if (isdigit(entry->d_name[0]) && atoi(entry->d_name) != getpid() && atoi(entry->d_name) != 1) strangers++;
  puts(strangers == 0 ? "alone" : "ESCAPED");
  fflush(stdout);
  char what[8] = "";
  if (scanf("%7s", what) == 1 && what[1] == 'e' && fork() == 0) {
    setsid();
    if (fork() == 0)
      for (;;) pause();
  }
  return 0;
}
