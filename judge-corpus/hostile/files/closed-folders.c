/*
about: leaves folders that nobody may enter, full of files that nobody may write; the next test finds none
expect: AC
tests: [{ in: "leave", out: "clean\n" }, { in: "look", out: "clean\n" }]
*/
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void) {
  const char *const places[] = {".", "/tmp", "/dev/shm"};
  int seen = 0;
  char what[8] = "", path[256];
  if (scanf("%7s", what) != 1) return 1;
  for (int i = 0; i < 3; i++) {
    DIR *names = opendir(places[i]);
    for (struct dirent *entry; names != NULL && (entry = readdir(names)) != NULL;) seen += strncmp(entry->d_name, "closed", 6) == 0;
  }
  for (int i = 0; i < 3 && what[1] == 'e'; i++) {
    snprintf(path, sizeof path, "%s/closed", places[i]);
    if (mkdir(path, 0700) != 0 && i != 2) return 2;
    snprintf(path, sizeof path, "%s/closed/file", places[i]);
    close(open(path, O_WRONLY | O_CREAT, 0));
    snprintf(path, sizeof path, "%s/closed/folder", places[i]);
    mkdir(path, 0);
    snprintf(path, sizeof path, "%s/closed", places[i]);
    chmod(path, 0);
  }
  puts(seen == 0 ? "clean" : "ESCAPED");
}
