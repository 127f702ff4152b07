/*
about: looks for anything in its environment that it was not given
expect: AC
tests: [{ out: "bare\n" }]
escapesBare: true
*/
#include <stdio.h>
#include <string.h>
extern char **environ;
int main(void) {
  const char *const given[] = {"HOME=", "LANG=", "PATH=", "PWD=", "TMPDIR="};
  int strange = 0;
  for (char **each = environ; *each != NULL; each++) {
    int known = 0;
    for (int i = 0; i < 5; i++) known += strncmp(*each, given[i], strlen(given[i])) == 0;
    if (!known) strange++;
  }
  puts(strange == 0 ? "bare" : "ESCAPED");
}
