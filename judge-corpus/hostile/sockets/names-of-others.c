/*
about: looks for sockets and connections of others in /proc/net
expect: AC
tests: [{ in: "@socket@ @abstract@\n", out: "nothing\n" }]
escapesBare: true
*/
#include <stdio.h>
#include <string.h>
int main(void) {
  char path[256], abstract[256], line[1024];
  int found = 0;
  if (scanf("%255s %255s", path, abstract) != 2) return 1;
  const char *const lists[] = {"/proc/net/unix", "/proc/1/net/unix", "/proc/self/net/unix", "/proc/thread-self/net/unix"};
  for (int i = 0; i < 4; i++) {
    FILE *list = fopen(lists[i], "r");
    while (list != NULL && fgets(line, sizeof line, list) != NULL) found += strstr(line, path) != NULL || strstr(line, abstract) != NULL;
  }
  puts(found == 0 ? "nothing" : "ESCAPED");
}
