/*
about: leaves its control group, makes one of its own or raises the limits of the one it is in
expect: AC
tests: [{ out: "refused\n" }]
*/
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
static int gained;
static void reach(const char *folder, int depth) {
  static const char *const files[] = {"tasks", "cgroup.procs", "memory.max", "memory.limit_in_bytes", "pids.max", "cgroup.subtree_control", "release_agent"};
  char path[512];
  for (int i = 0; i < 7; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, files[i]);
    gained += open(path, O_WRONLY) >= 0;
  }
  snprintf(path, sizeof path, "%s/mine", folder);
  gained += mkdir(path, 0777) == 0;
  DIR *names = depth > 3 ? NULL : opendir(folder);
  for (struct dirent *entry; names != NULL && (entry = readdir(names)) != NULL;) {
    if (entry->d_type != DT_DIR || entry->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    reach(path, depth + 1);
  }
}
int main(void) {
  reach("/sys/fs/cgroup", 0);
  reach("/runner", 0);
  puts(gained == 0 ? "refused" : "ESCAPED");
}
