/*
 * What a run may have and what it had. Two ways, chosen once:
 *
 *   groups      a control group of its own for each run, made ahead below folders that the worker gave us (version 1: one a hierarchy; version 2:
 *               one), so that no page and no second of one run is charged to the next
 *   container   the container's own group, which we may only read: differences over the run, without our own share; /proc where there is none
 */
#define _GNU_SOURCE
#include "runner.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MAX_FOLDERS = 3, REMOVE_SECONDS = 10 };

static bool by_groups, unified;
static int folder_count;
static int folders[MAX_FOLDERS]; /* descriptors */
static bool has_group;
static char group_name[24];
static uint64_t group_number;
/* Of the run's group, or of the container's; -1: not there. */
static int group_folders[MAX_FOLDERS], join_files[MAX_FOLDERS];
static int cpu_file = -1, memory_file = -1, events_file = -1, hits_file = -1, memory_limit = -1, swap_limit = -1, process_limit = -1;
static struct usage start, seen;
static struct rusage own_start, children_start;

/* ---- numbers in files of the kernel ---- */

static size_t read_text(int fd, char *text, size_t room) {
  const ssize_t length = fd < 0 ? 0 : pread(fd, text, room - 1, 0);
  text[length > 0 ? length : 0] = 0;
  return length > 0 ? (size_t)length : 0;
}
/* The number behind `key ` at the beginning of a line, or the only number of the file. */
static uint64_t number_in(const char *text, const char *key) {
  if (key == NULL) return strtoull(text, NULL, 10);
  const size_t length = strlen(key);
  for (const char *line = text; line != NULL && *line != 0; line = strchr(line, '\n'), line += line != NULL)
    if (strncmp(line, key, length) == 0 && line[length] == ' ') return strtoull(line + length, NULL, 10);
  return 0;
}
static uint64_t number_of(int fd, const char *key) {
  char text[1024];
  read_text(fd, text, sizeof text);
  return number_in(text, key);
}
static bool write_number(int fd, uint64_t number) {
  char text[24];
  const int length = snprintf(text, sizeof text, "%llu", (unsigned long long)number);
  return pwrite(fd, text, (size_t)length, 0) == length;
}
static uint64_t cpu_of_file(void) { return unified ? number_of(cpu_file, "usage_usec") : number_of(cpu_file, NULL) / 1000; }
static uint64_t memory_of_file(void) {
  static char text[16384];
  read_text(memory_file, text, sizeof text);
  return number_in(text, unified ? "anon" : "rss") + number_in(text, "shmem");
}
static uint64_t oom_kills_of_file(void) { return number_of(events_file, "oom_kill"); }
static uint64_t hits_of_file(void) { return unified ? number_of(events_file, "max") : number_of(hits_file, NULL); }

static uint64_t us_of(const struct timeval *time) { return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_usec; }
static uint64_t cpu_of(const struct rusage *used) { return us_of(&used->ru_utime) + us_of(&used->ru_stime); }
static uint64_t cpu_since(int who, const struct rusage *before) {
  struct rusage now;
  getrusage(who, &now);
  return cpu_of(&now) - cpu_of(before);
}

/* ---- a control group for each run ---- */

void account_by_groups(const char *const paths[], int count) {
  if (count < 1 || count > MAX_FOLDERS) die(BAD_FRAME, "too few or too many control groups");
  by_groups = true;
  for (folder_count = 0; folder_count < count; folder_count++)
    if ((folders[folder_count] = open(paths[folder_count], O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) broken(paths[folder_count]);
  unified = faccessat(folders[0], "cgroup.controllers", F_OK, 0) == 0;
}

/* The first hierarchy that has such a file. */
static int open_in_group(const char *name, int flags) {
  for (int i = 0; i < folder_count; i++) {
    const int fd = openat(group_folders[i], name, flags | O_CLOEXEC);
    if (fd >= 0) return fd;
  }
  return -1;
}
static void close_files(void) {
  int *const files[] = {&cpu_file, &memory_file, &events_file, &hits_file, &memory_limit, &swap_limit, &process_limit};
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    if (*files[i] >= 0) close(*files[i]);
    *files[i] = -1;
  }
}
static bool make_group(void) {
  int made = 0;
  do snprintf(group_name, sizeof group_name, "%llu", (unsigned long long)++group_number); /* one of a runner that was killed may still be there */
  while ((made = mkdirat(folders[0], group_name, 0755)) != 0 && errno == EEXIST);
  if (made != 0) return false;
  for (int i = 0; i < folder_count; i++) {
    if (i > 0 && mkdirat(folders[i], group_name, 0755) != 0 && errno != EEXIST) return false;
    if ((group_folders[i] = openat(folders[i], group_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) return false;
    if ((join_files[i] = openat(group_folders[i], unified ? "cgroup.procs" : "tasks", O_WRONLY | O_CLOEXEC)) < 0) return false;
  }
  cpu_file = open_in_group(unified ? "cpu.stat" : "cpuacct.usage", O_RDONLY);
  memory_file = open_in_group("memory.stat", O_RDONLY);
  events_file = open_in_group(unified ? "memory.events" : "memory.oom_control", O_RDONLY);
  hits_file = unified ? -1 : open_in_group("memory.failcnt", O_RDONLY);
  memory_limit = open_in_group(unified ? "memory.max" : "memory.limit_in_bytes", O_WRONLY);
  process_limit = open_in_group("pids.max", O_WRONLY);
  swap_limit = open_in_group(unified ? "memory.swap.max" : "memory.memsw.limit_in_bytes", O_WRONLY);
  return cpu_file >= 0 && memory_file >= 0 && events_file >= 0 && memory_limit >= 0 && process_limit >= 0;
}
/* All processes together count as one against the memory; without swap, by the means that this kernel has. */
static bool finish_group(void) {
  if (unified) {
    const int together = open_in_group("memory.oom.group", O_WRONLY);
    const bool done = together >= 0 && write(together, "1", 1) == 1;
    if (together >= 0) close(together);
    return done && (swap_limit < 0 || write(swap_limit, "0", 1) == 1);
  }
  if (swap_limit >= 0) return true;
  const int swappiness = open_in_group("memory.swappiness", O_WRONLY);
  const bool done = swappiness >= 0 && write(swappiness, "0", 1) == 1;
  if (swappiness >= 0) close(swappiness);
  return done;
}

static bool remove_group(void) {
  close_files();
  bool removed = true;
  for (int i = 0; i < folder_count; i++) {
    if (join_files[i] >= 0) close(join_files[i]);
    if (group_folders[i] >= 0) close(group_folders[i]);
    const uint64_t deadline = now_us() + REMOVE_SECONDS * 1000000ULL;
    int failed;
    while ((failed = unlinkat(folders[i], group_name, AT_REMOVEDIR)) != 0 && errno == EBUSY && now_us() < deadline) {
      const struct timespec moment = {0, 200000}; /* the kernel lets go of the dead a little later */
      nanosleep(&moment, NULL);
    }
    if (failed != 0 && errno != ENOENT) removed = false;
  }
  has_group = false;
  return removed;
}
void prepare_account(void) {
  if (!by_groups || has_group) return;
  for (int i = 0; i < MAX_FOLDERS; i++) group_folders[i] = join_files[i] = -1;
  has_group = true;
  if (!make_group() || !finish_group()) fault("cannot make a control group", errno);
}
void end_account(void) {
  if (has_group && !remove_group()) fault("cannot remove a control group", errno);
}
void discard_account(void) {
  if (has_group) remove_group();
}
bool bounds_processes(void) { return by_groups; }

/*
 * A new process in the run's control group. In version 2 it is born there. In version 1 it joins by `tasks` (it has one thread) and not by
 * `cgroup.procs`: moving a whole process makes the kernel wait for an RCU grace period, which takes 10 ms when nobody moved shortly before.
 */
static bool born_inside;
pid_t fork_accounted(void) {
  born_inside = !by_groups;
  if (by_groups && unified) {
    struct clone_args args = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (__u64)group_folders[0]};
    born_inside = true;
    const pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
    if (pid >= 0) return pid;
    born_inside = false; /* before Linux 5.7, or not allowed: as in version 1 */
  }
  return fork();
}
bool join_account(void) {
  for (int i = 0; i < folder_count && !born_inside; i++)
    if (write(join_files[i], "0", 1) != 1) return false;
  return true;
}

/* ---- the container's own group ---- */

static int open_first(const char *const paths[]) {
  for (int i = 0; paths[i] != NULL; i++) {
    const int fd = open(paths[i], O_RDONLY | O_CLOEXEC);
    if (fd >= 0) return fd;
  }
  return -1;
}
void account_by_container(void) {
  unified = access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0;
  if (unified) {
    cpu_file = open("/sys/fs/cgroup/cpu.stat", O_RDONLY | O_CLOEXEC);
    memory_file = open("/sys/fs/cgroup/memory.stat", O_RDONLY | O_CLOEXEC);
    events_file = open("/sys/fs/cgroup/memory.events", O_RDONLY | O_CLOEXEC);
    return;
  }
  cpu_file = open_first((const char *const[]){"/sys/fs/cgroup/cpuacct/cpuacct.usage", "/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage", NULL});
  memory_file = open("/sys/fs/cgroup/memory/memory.stat", O_RDONLY | O_CLOEXEC);
  events_file = open("/sys/fs/cgroup/memory/memory.oom_control", O_RDONLY | O_CLOEXEC);
  hits_file = open("/sys/fs/cgroup/memory/memory.failcnt", O_RDONLY | O_CLOEXEC);
}
/* Where no group can be read: what the kernel shows of each process but us. Ticks of 10 ms, and pages that processes share count more than once. */
static void look_at_processes(uint64_t *cpu_us, uint64_t *bytes) {
  DIR *const names = opendir("/proc");
  if (names == NULL) return;
  const uint64_t tick_us = 1000000 / (uint64_t)sysconf(_SC_CLK_TCK), page = (uint64_t)sysconf(_SC_PAGESIZE);
  for (struct dirent *entry; (entry = readdir(names)) != NULL;) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || strcmp(entry->d_name, "1") == 0) continue;
    char path[300], text[1024];
    snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    read_text(fd, text, sizeof text);
    if (fd >= 0) close(fd);
    const char *field = strrchr(text, ')'); /* the name before it may hold anything */
    for (int number = 2; field != NULL && number < 24; number++) {
      field = strchr(field + 1, ' ');
      if (field == NULL) break;
      if (number + 1 >= 14 && number + 1 <= 17) *cpu_us += strtoull(field, NULL, 10) * tick_us; /* own, and of children waited for */
      if (number + 1 == 24) *bytes += strtoull(field, NULL, 10) * page;
    }
  }
  closedir(names);
}

/* ---- both ---- */

void begin_account(uint64_t memory_bytes, uint32_t processes) {
  seen = start = (struct usage){0};
  if (by_groups) {
    prepare_account();
    if (!write_number(memory_limit, memory_bytes) || (!unified && swap_limit >= 0 && !write_number(swap_limit, memory_bytes)) || !write_number(process_limit, processes))
      fault("cannot bound a control group", errno);
    return;
  }
  getrusage(RUSAGE_SELF, &own_start);
  getrusage(RUSAGE_CHILDREN, &children_start);
  if (cpu_file >= 0) start.cpu_us = cpu_of_file();
  if (memory_file >= 0) start.sampled_bytes = memory_of_file();
  start.oom_kills = oom_kills_of_file();
  start.limit_hits = hits_of_file();
}
static uint64_t over(uint64_t now, uint64_t before) { return now > before ? now - before : 0; }
void sample_account(void) {
  uint64_t cpu_us = 0, bytes = 0;
  if (!by_groups && (cpu_file < 0 || memory_file < 0)) look_at_processes(&cpu_us, &bytes);
  if (cpu_file >= 0) cpu_us = over(cpu_of_file(), start.cpu_us + (by_groups ? 0 : cpu_since(RUSAGE_SELF, &own_start)));
  else cpu_us += cpu_since(RUSAGE_CHILDREN, &children_start);
  if (memory_file >= 0) bytes = over(memory_of_file(), start.sampled_bytes);
  if (cpu_us > seen.cpu_us) seen.cpu_us = cpu_us;
  if (bytes > seen.sampled_bytes) seen.sampled_bytes = bytes;
}
struct usage usage_so_far(void) {
  seen.oom_kills = over(oom_kills_of_file(), start.oom_kills);
  seen.limit_hits = over(hits_of_file(), start.limit_hits);
  return seen;
}
