/*
 * What a run may have and what it had. Two ways, chosen once:
 *
 *   groups      control groups below folders that the worker gave us (version 1: one a hierarchy; version 2: one). For memory a new one for each
 *               run, so that no page of one run is charged to the next, and the old one removed after it. In version 1 the clock and the bound on
 *               processes have hierarchies of their own, and one group there for all runs: differences tell there what a new group would
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

/* Files of a control group; -1: not there. */
struct files {
  int cpu, memory, kernel, events, hits;         /* read */
  int memory_limit, swap_limit, process_limit; /* written */
};
static const struct files no_files = {-1, -1, -1, -1, -1, -1, -1, -1};
struct group {
  bool made;
  char name[24];
  int folders[MAX_FOLDERS], joins[MAX_FOLDERS]; /* descriptors; -1 in a hierarchy where it has none */
  struct files files;
};
static bool by_groups, unified;
static int folder_count;
static int folders[MAX_FOLDERS];        /* descriptors */
static bool holds_memory[MAX_FOLDERS];  /* which of them a new group is made in for each run */
static uint64_t group_number;
static struct group lasting, current; /* of all runs; of the one that runs or comes next */
/* What is read and written now: of the two groups, or of the files. */
static struct files files;
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
static uint64_t cpu_of_files(void) { return unified ? number_of(files.cpu, "usage_usec") : number_of(files.cpu, NULL) / 1000; }
static uint64_t memory_of_files(void) {
  static char text[16384];
  read_text(files.memory, text, sizeof text);
  return number_in(text, unified ? "anon" : "rss") + number_in(text, "shmem");
}
/*
 * A container's bound is wider than its run's: what the kernel keeps for a run must be looked at, too. Not what it keeps only as long as nobody needs the
 * room, such as names that a program looked up; version 1 cannot tell those apart, so much of it is free there.
 */
static uint64_t free_kernel_bytes(void) { return (unified ? 8ULL : 96ULL) << 20; }
static uint64_t kernel_of_files(void) {
  static char text[16384];
  if (!unified || files.kernel < 0) return number_of(files.kernel, NULL);
  read_text(files.kernel, text, sizeof text);
  const uint64_t kernel = number_in(text, "kernel"), kept = number_in(text, "slab_reclaimable"); /* the sum since Linux 5.18; its parts before */
  const uint64_t parts = number_in(text, "slab_unreclaimable") + number_in(text, "pagetables") + number_in(text, "kernel_stack");
  return number_in(text, "sock") + (kernel > kept ? kernel - kept : parts);
}
static uint64_t oom_kills_of_files(void) { return number_of(files.events, "oom_kill"); }
static uint64_t hits_of_files(void) { return unified ? number_of(files.events, "max") : number_of(files.hits, NULL); }

static uint64_t us_of(const struct timeval *time) { return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_usec; }
static uint64_t cpu_of(const struct rusage *used) { return us_of(&used->ru_utime) + us_of(&used->ru_stime); }
static uint64_t cpu_since(int who, const struct rusage *before) {
  struct rusage now;
  getrusage(who, &now);
  return cpu_of(&now) - cpu_of(before);
}

/* ---- a control group for each run ---- */

/* In the first hierarchy that has such a file. */
static int open_in(const struct group *group, const char *name, int flags) {
  for (int i = 0; i < folder_count; i++) {
    const int fd = openat(group->folders[i], name, flags | O_CLOEXEC);
    if (fd >= 0) return fd;
  }
  return -1;
}
static bool write_one(const struct group *group, const char *name, const char *number) {
  const int fd = open_in(group, name, O_WRONLY);
  const bool done = fd >= 0 && write(fd, number, strlen(number)) == (ssize_t)strlen(number);
  if (fd >= 0) close(fd);
  return done;
}
/* In the hierarchies that bound memory, or in the others. */
static bool make_folders(struct group *group, bool for_memory) {
  for (int i = 0; i < folder_count; i++) {
    if (holds_memory[i] != for_memory) continue;
    while (mkdirat(folders[i], group->name, 0755) != 0) { /* one of a runner that was killed may still be there */
      if (errno != EEXIST) return false;
      snprintf(group->name, sizeof group->name, "%llu", (unsigned long long)++group_number);
    }
    if ((group->folders[i] = openat(folders[i], group->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) return false;
    if ((group->joins[i] = openat(group->folders[i], unified ? "cgroup.procs" : "tasks", O_WRONLY | O_CLOEXEC)) < 0) return false;
  }
  return true;
}
/* Together its processes count as one against the memory; without swap, by the means that this kernel has. */
static bool bound_together(const struct group *group) {
  if (unified) return write_one(group, "memory.oom.group", "1") && (group->files.swap_limit < 0 || write(group->files.swap_limit, "0", 1) == 1);
  return group->files.swap_limit >= 0 || write_one(group, "memory.swappiness", "0");
}
static bool make_group(struct group *group, bool for_memory) {
  for (int i = 0; i < MAX_FOLDERS; i++) group->folders[i] = group->joins[i] = -1;
  group->files = no_files;
  group->made = true;
  snprintf(group->name, sizeof group->name, "%llu", (unsigned long long)++group_number);
  if (!make_folders(group, for_memory)) return false;
  struct files *const its = &group->files;
  if (unified == for_memory) {
    its->cpu = open_in(group, unified ? "cpu.stat" : "cpuacct.usage", O_RDONLY);
    its->process_limit = open_in(group, "pids.max", O_WRONLY);
    if (its->cpu < 0 || its->process_limit < 0) return false;
  }
  if (!for_memory) return true;
  its->memory = open_in(group, "memory.stat", O_RDONLY);
  its->events = open_in(group, unified ? "memory.events" : "memory.oom_control", O_RDONLY);
  its->hits = unified ? -1 : open_in(group, "memory.failcnt", O_RDONLY);
  its->memory_limit = open_in(group, unified ? "memory.max" : "memory.limit_in_bytes", O_WRONLY);
  its->swap_limit = open_in(group, unified ? "memory.swap.max" : "memory.memsw.limit_in_bytes", O_WRONLY);
  return its->memory >= 0 && its->events >= 0 && its->memory_limit >= 0 && bound_together(group);
}
void account_by_groups(const char *const paths[], int count) {
  if (count < 1 || count > MAX_FOLDERS) die(BAD_FRAME, "too few or too many control groups");
  by_groups = true;
  for (folder_count = 0; folder_count < count; folder_count++)
    if ((folders[folder_count] = open(paths[folder_count], O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) broken(paths[folder_count]);
  unified = faccessat(folders[0], "cgroup.controllers", F_OK, 0) == 0;
  for (int i = 0; i < count; i++) holds_memory[i] = faccessat(folders[i], unified ? "cgroup.controllers" : "memory.limit_in_bytes", F_OK, 0) == 0;
  if (!make_group(&lasting, false)) fault("cannot make a control group", errno);
}

static void close_if_open(int fd) {
  if (fd >= 0) close(fd);
}
static bool remove_group(struct group *group) {
  const struct files *const its = &group->files;
  const int open_files[] = {its->cpu, its->memory, its->kernel, its->events, its->hits, its->memory_limit, its->swap_limit, its->process_limit};
  for (size_t i = 0; i < sizeof open_files / sizeof open_files[0]; i++) close_if_open(open_files[i]);
  bool removed = true;
  for (int i = 0; i < folder_count; i++) {
    if (group->folders[i] < 0) continue;
    close_if_open(group->joins[i]);
    close_if_open(group->folders[i]);
    const uint64_t deadline = now_us() + REMOVE_SECONDS * 1000000ULL;
    int failed;
    while ((failed = unlinkat(folders[i], group->name, AT_REMOVEDIR)) != 0 && errno == EBUSY && now_us() < deadline) {
      const struct timespec moment = {0, 200000}; /* the kernel lets go of the dead a little later */
      nanosleep(&moment, NULL);
    }
    if (failed != 0 && errno != ENOENT) removed = false;
  }
  group->made = false;
  return removed;
}
void prepare_account(void) {
  if (!by_groups || current.made) return;
  if (!make_group(&current, true)) fault("cannot make a control group", errno);
  files = current.files;
  if (unified) return;
  files.cpu = lasting.files.cpu;
  files.process_limit = lasting.files.process_limit;
}
void end_account(void) {
  if (current.made && !remove_group(&current)) fault("cannot remove a control group", errno);
}
void discard_account(void) {
  if (current.made) remove_group(&current);
  if (lasting.made) remove_group(&lasting);
}
bool bounds_processes(void) { return by_groups; }
bool bounds_memory(void) { return by_groups; }

/*
 * A new process in the run's control group. In version 2 it is born there. In version 1 it joins by `tasks` (it has one thread) and not by
 * `cgroup.procs`: moving a whole process makes the kernel wait for an RCU grace period, which takes 10 ms when nobody moved shortly before.
 */
static bool born_inside;
pid_t fork_accounted(void) {
  born_inside = !by_groups;
  if (by_groups && unified) {
    struct clone_args args = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (__u64)current.folders[0]};
    born_inside = true;
    const pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
    if (pid >= 0) return pid;
    born_inside = false; /* before Linux 5.7, or not allowed: as in version 1 */
  }
  return fork();
}
bool join_account(void) {
  for (int i = 0; i < folder_count && !born_inside; i++)
    if (write(holds_memory[i] ? current.joins[i] : lasting.joins[i], "0", 1) != 1) return false;
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
  files = no_files;
  unified = access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0;
  if (unified) {
    files.cpu = open("/sys/fs/cgroup/cpu.stat", O_RDONLY | O_CLOEXEC);
    files.memory = open("/sys/fs/cgroup/memory.stat", O_RDONLY | O_CLOEXEC);
    files.kernel = open("/sys/fs/cgroup/memory.stat", O_RDONLY | O_CLOEXEC);
    files.events = open("/sys/fs/cgroup/memory.events", O_RDONLY | O_CLOEXEC);
    return;
  }
  files.cpu = open_first((const char *const[]){"/sys/fs/cgroup/cpuacct/cpuacct.usage", "/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage", NULL});
  files.memory = open("/sys/fs/cgroup/memory/memory.stat", O_RDONLY | O_CLOEXEC);
  files.kernel = open("/sys/fs/cgroup/memory/memory.kmem.usage_in_bytes", O_RDONLY | O_CLOEXEC);
  files.events = open("/sys/fs/cgroup/memory/memory.oom_control", O_RDONLY | O_CLOEXEC);
  files.hits = open("/sys/fs/cgroup/memory/memory.failcnt", O_RDONLY | O_CLOEXEC);
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

/* The first two numbers of a schedstat: time on a core, time ready and waiting for one, ns. */
static uint64_t waited_us(const char *task) {
  char path[64 + 300], text[128], *after;
  snprintf(path, sizeof path, "%s/schedstat", task);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  read_text(fd, text, sizeof text);
  close_if_open(fd);
  strtoull(text, &after, 10);
  return strtoull(after, NULL, 10) / 1000;
}
uint64_t longest_wait_us(void) {
  uint64_t longest = 0;
  DIR *const processes = opendir("/proc");
  for (struct dirent *process; processes != NULL && (process = readdir(processes)) != NULL;) {
    if (process->d_name[0] < '1' || process->d_name[0] > '9' || strcmp(process->d_name, "1") == 0) continue;
    char path[300];
    snprintf(path, sizeof path, "/proc/%.20s/task", process->d_name);
    DIR *const tasks = opendir(path);
    for (struct dirent *task; tasks != NULL && (task = readdir(tasks)) != NULL;) {
      char own[64];
      snprintf(own, sizeof own, "/proc/%.20s/task/%.20s", process->d_name, task->d_name);
      const uint64_t waited = task->d_name[0] == '.' ? 0 : waited_us(own);
      if (waited > longest) longest = waited;
    }
    if (tasks != NULL) closedir(tasks);
  }
  if (processes != NULL) closedir(processes);
  return longest;
}

/* ---- both ---- */

void begin_account(uint64_t memory_bytes, uint32_t processes) {
  seen = start = (struct usage){0};
  if (by_groups) {
    const bool bounds_swap = !unified && files.swap_limit >= 0;
    if (!write_number(files.memory_limit, memory_bytes) || (bounds_swap && !write_number(files.swap_limit, memory_bytes)) || !write_number(files.process_limit, processes))
      fault("cannot bound a control group", errno);
    start.cpu_us = cpu_of_files(); /* what the process that waits there took to get ready */
    return;
  }
  getrusage(RUSAGE_SELF, &own_start);
  getrusage(RUSAGE_CHILDREN, &children_start);
  start = (struct usage){cpu_of_files(), memory_of_files(), kernel_of_files(), oom_kills_of_files(), hits_of_files()};
}
static uint64_t over(uint64_t now, uint64_t before) { return now > before ? now - before : 0; }
void sample_account(void) {
  uint64_t cpu_us = 0, bytes = 0;
  if (files.cpu < 0 || files.memory < 0) look_at_processes(&cpu_us, &bytes);
  if (files.memory >= 0) bytes = over(memory_of_files(), start.sampled_bytes);
  if (bytes > seen.sampled_bytes) seen.sampled_bytes = bytes;
  if (files.kernel >= 0) {
    const uint64_t kernel = over(kernel_of_files(), start.kernel_bytes + free_kernel_bytes());
    if (kernel > seen.kernel_bytes) seen.kernel_bytes = kernel;
  }
  if (files.cpu < 0 && cpu_us + cpu_since(RUSAGE_CHILDREN, &children_start) > seen.cpu_us) seen.cpu_us = cpu_us + cpu_since(RUSAGE_CHILDREN, &children_start);
}
struct usage usage_so_far(void) {
  const uint64_t cpu_us = files.cpu < 0 ? cpu_since(RUSAGE_CHILDREN, &children_start)
                                        : over(cpu_of_files(), start.cpu_us + (by_groups ? 0 : cpu_since(RUSAGE_SELF, &own_start)));
  if (cpu_us > seen.cpu_us) seen.cpu_us = cpu_us;
  seen.oom_kills = over(oom_kills_of_files(), start.oom_kills);
  seen.limit_hits = over(hits_of_files(), start.limit_hits);
  return seen;
}

uint64_t written_bytes(void) {
  char text[512];
  const int fd = open("/proc/self/io", O_RDONLY | O_CLOEXEC);
  read_text(fd, text, sizeof text);
  close_if_open(fd);
  const char *const line = strstr(text, "wchar: ");
  return line == NULL ? 0 : strtoull(line + 7, NULL, 10);
}
