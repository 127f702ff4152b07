/* What lies in the box: files put and compiled, folders that tests and compilers write in, inputs. No path that a program chose is ever opened. */
#define _GNU_SOURCE
#include "runner.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  MAX_LINKS = 2048,  /* names of the build folder that a test sees: a Java program may have many classes */
  MAX_LISTED = 4096,
  MAX_DEPTH = 64,    /* folders a compiler may nest and tests may enter */
  MAX_WIPE_STEPS = 200000,
  WIPE_SECONDS = 20,
};
const char *const build_folder = "/build", *const test_folder = "/box";
/* What everybody may write, the test's folder first; as far as it is there and not the same as one before. */
static const char *const writable[] = {"/box", "/tmp", "/dev/shm", "/dev/mqueue"};
enum { WRITABLES = sizeof writable / sizeof writable[0] };
static int wiped[WRITABLES] = {-1, -1, -1, -1}; /* descriptors; -1: not to be emptied */
static uid_t test_uid, build_uid;
/* Links from the test's folder to what lies in the build folder: how many there are, and whether something was put or compiled since. */
static int links;
static bool links_are_old = true;

static int open_folder(const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) broken(path);
  return fd;
}
static bool is_dots(const char *name) { return strcmp(name, ".") == 0 || strcmp(name, "..") == 0; }
/* The names of a folder from its beginning; closes `fd` with closedir. */
static DIR *list(int fd) {
  DIR *names = fdopendir(fd);
  if (names == NULL) broken("fdopendir");
  rewinddir(names);
  return names;
}

/* What the box must be like, else no program is started in it. */
void open_folders(uid_t tests, uid_t builds) {
  test_uid = tests;
  build_uid = builds;
  struct stat found, other;
  const int build = open_folder(build_folder);
  if (fstat(build, &found) != 0 || found.st_uid != 0 || (found.st_mode & 01002) != 01000) fault("/build must be root's, sticky, and not writable by all", 0);
  close(build);
  for (int i = 0; i < WRITABLES; i++) {
    if (i > 1 && (lstat(writable[i], &found) != 0 || !S_ISDIR(found.st_mode))) continue; /* a link to one of the others, or not there */
    const int fd = open_folder(writable[i]);
    if (fstat(fd, &found) != 0) broken(writable[i]);
    bool known = (found.st_mode & 0002) == 0;
    if (i < 2 && (found.st_uid != 0 || (found.st_mode & 01777) != 01777)) fault("/box and /tmp must be root's, sticky and writable by all", 0);
    for (int before = 0; before < i; before++)
      if (wiped[before] >= 0 && fstat(wiped[before], &other) == 0 && other.st_dev == found.st_dev && other.st_ino == found.st_ino) known = true;
    if (known) close(fd);
    else wiped[i] = fd;
  }
}

/* For programs and for the runner's own helpers: no way back to root, nothing of root's left. The bounding set is empty since the runner began. */
bool become(uid_t uid) {
  if (setgroups(0, NULL) != 0 || setresgid(uid, uid, uid) != 0 || setresuid(uid, uid, uid) != 0) return false;
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  return syscall(SYS_capset, &header, none) == 0 && geteuid() == uid;
}
/* A helper that does what only this user may. @returns whether it could. */
static bool as_user(uid_t uid, void (*work)(const void *), const void *given) {
  const pid_t helper = fork();
  if (helper < 0) return false;
  if (helper == 0) {
    signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    alarm(WIPE_SECONDS);
    if (!become(uid)) _exit(1);
    work(given);
    _exit(0);
  }
  int status;
  while (waitpid(helper, &status, 0) < 0)
    if (errno != EINTR) return false;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* ---- links ---- */

/* One of our links from the test's folder to what lies in the build folder. */
static bool is_link_of_ours(int folder, const char *name) {
  struct stat found;
  return fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(found.st_mode) && found.st_uid == 0;
}
/* A test works in an empty folder in which the box's files can be reached: links that it can neither remove nor replace (sticky, root's). */
void show_build(void) {
  if (!links_are_old) return;
  const int test = wiped[0];
  DIR *names = list(fcntl(test, F_DUPFD_CLOEXEC, 0));
  for (struct dirent *entry; (entry = readdir(names)) != NULL;)
    if (!is_dots(entry->d_name) && is_link_of_ours(test, entry->d_name)) unlinkat(test, entry->d_name, 0);
  closedir(names);
  names = list(open_folder(build_folder));
  links = 0;
  for (struct dirent *entry; links < MAX_LINKS && (entry = readdir(names)) != NULL;) {
    if (is_dots(entry->d_name) || (entry->d_type != DT_REG && entry->d_type != DT_DIR)) continue;
    char target[PATH_MAX];
    snprintf(target, sizeof target, "%s/%s", build_folder, entry->d_name);
    if (symlinkat(target, test, entry->d_name) != 0) break; /* full: the program will miss it and say so */
    links++;
  }
  closedir(names);
  links_are_old = false;
}

/* ---- emptying ---- */

/* How many names a folder has, read without memory or a descriptor of its own: this is asked after each run. */
static int count_names(int folder) {
  static _Alignas(8) char room[16384];
  int count = 0;
  if (lseek(folder, 0, SEEK_SET) != 0) broken("lseek");
  for (;;) {
    const long got = syscall(SYS_getdents64, folder, room, sizeof room);
    if (got < 0) broken("getdents");
    if (got == 0) return count - 2; /* the dots */
    for (long at = 0; at < got;) {
      unsigned short length;
      memcpy(&length, room + at + 16, sizeof length); /* d_ino, d_off: 8 bytes each */
      at += length;
      count++;
    }
  }
}
static bool is_clean(void) {
  for (int i = 0; i < WRITABLES; i++)
    if (wiped[i] >= 0 && count_names(wiped[i]) != (i == 0 ? links : 0)) return false;
  return true;
}
/* Removes all that this uid may, to any depth with two descriptors: when a folder is full it goes in, and comes back up when it is empty. */
static void wipe(int folder) {
  static _Alignas(8) char room[1024]; /* little: whoever comes back begins anew, and what was removed is not read again */
  int depth = 0, steps = 0;
  for (;;) {
    int into = -1;
    if (lseek(folder, 0, SEEK_SET) != 0) _exit(1);
    for (long got; into < 0 && (got = syscall(SYS_getdents64, folder, room, sizeof room)) != 0;) {
      if (got < 0) _exit(1);
      for (long at = 0; into < 0 && at < got;) {
        const char *const name = room + at + 19; /* d_ino, d_off: 8 bytes each; d_reclen: 2; d_type: 1 */
        unsigned short length;
        memcpy(&length, room + at + 16, sizeof length);
        at += length;
        struct stat found;
        if (is_dots(name) || fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) != 0 || found.st_uid != geteuid()) continue; /* our links, too */
        if (++steps > MAX_WIPE_STEPS) _exit(1);
        if (unlinkat(folder, name, S_ISDIR(found.st_mode) ? AT_REMOVEDIR : 0) == 0 || !S_ISDIR(found.st_mode)) continue;
        if (fchmodat(folder, name, 0700, 0) != 0) continue;
        into = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      }
    }
    if (into < 0) {
      if (depth-- == 0) break;
      into = openat(folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
      if (into < 0) _exit(1);
    } else depth++;
    close(folder);
    folder = into;
  }
  close(folder);
}
static void wipe_all(const void *unused) {
  (void)unused;
  for (int i = 0; i < WRITABLES; i++)
    if (wiped[i] >= 0) wipe(open_folder(writable[i]));
}
/* What a compiler left is its own uid's: tests may read and run it, nobody else may write it, and no folder lets anybody put anything in. */
static void settle(int parent, int depth) {
  DIR *names = list(parent);
  const int folder = dirfd(names);
  for (struct dirent *entry; (entry = readdir(names)) != NULL;) {
    struct stat found;
    if (is_dots(entry->d_name) || fstatat(folder, entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0 || S_ISLNK(found.st_mode) || found.st_uid != geteuid()) continue;
    const mode_t own = found.st_mode & 0700, shown = own | (own & 0500) >> 3 | (own & 0500) >> 6;
    const bool enters = S_ISDIR(found.st_mode) && depth < MAX_DEPTH;
    if (fchmodat(folder, entry->d_name, enters ? 0755 : S_ISREG(found.st_mode) ? shown : 0600, 0) != 0) _exit(1);
    if (!enters) continue;
    int into = openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (into < 0) _exit(1);
    settle(into, depth + 1);
  }
  closedir(names);
}
static void settle_and_wipe(const void *unused) {
  settle(open_folder(build_folder), 0);
  wipe_all(unused);
}
/* What is left and not of ours, by root: it unlinks what is no full folder. */
static bool remove_strangers(int folder) {
  bool clean = true;
  DIR *names = list(fcntl(folder, F_DUPFD_CLOEXEC, 0));
  for (struct dirent *entry; (entry = readdir(names)) != NULL;) {
    if (is_dots(entry->d_name) || (folder == wiped[0] && is_link_of_ours(folder, entry->d_name))) continue;
    if (unlinkat(folder, entry->d_name, 0) != 0 && unlinkat(folder, entry->d_name, AT_REMOVEDIR) != 0) clean = false;
  }
  closedir(names);
  return clean;
}
bool tidy(bool keeps) {
  if (!keeps && is_clean()) return true;
  if (keeps) links_are_old = true;
  if (!as_user(keeps ? build_uid : test_uid, keeps ? settle_and_wipe : wipe_all, NULL)) return false;
  for (int i = 0; i < WRITABLES; i++)
    if (wiped[i] >= 0 && !remove_strangers(wiped[i])) return false;
  return is_clean();
}

/* ---- files in and out ---- */

static void empty_planted_folder(const void *name) {
  const int build = open_folder(build_folder);
  struct stat found;
  if (fstatat(build, name, &found, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(found.st_mode) || found.st_uid != geteuid()) _exit(1);
  if (fchmodat(build, name, 0700, 0) != 0) _exit(1);
  const int folder = openat(build, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) _exit(1);
  wipe(folder);
}
static bool remove_name(int build, const char *name) {
  if (unlinkat(build, name, 0) == 0 || errno == ENOENT) return true;
  if (unlinkat(build, name, AT_REMOVEDIR) == 0) return true;
  return as_user(build_uid, empty_planted_folder, name) && unlinkat(build, name, AT_REMOVEDIR) == 0;
}
static bool write_all(int fd, const void *content, size_t length) {
  for (size_t done = 0; done < length;) {
    const ssize_t wrote = write(fd, (const char *)content + done, length - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    done += (size_t)wrote;
  }
  return true;
}
/* u64 size, name, then as much of the content as comes with it; the rest follows in frames of its own. All of it is read, whatever fails. */
void put_file(struct cursor from) {
  uint64_t left = take64(&from);
  char name[MAX_NAME + 1];
  strcpy(name, take_name(&from));
  const int build = open_folder(build_folder);
  links_are_old = true;
  int fd = remove_name(build, name) ? openat(build, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
  int error = fd < 0 ? errno : 0;
  for (;;) {
    const size_t length = (size_t)(from.end - from.at);
    if (length > left) die(BAD_FRAME, "more of a file than was told");
    if (error == 0 && !write_all(fd, from.at, length)) error = errno;
    left -= length;
    if (left == 0) break;
    const struct frame more = read_frame();
    if (more.type != 'C' || more.length == 0) die(BAD_FRAME, "a file that breaks off");
    from = (struct cursor){more.content, more.content + more.length};
  }
  if (error == 0 && fchmod(fd, 0555) != 0) error = errno;
  if (fd >= 0) close(fd);
  if (error != 0) unlinkat(build, name, 0);
  close(build);
  answer(error == 0 ? 0 : 2, error == 0 ? "" : strerror(error));
}
/* u64 limit, name. Links are not followed, a FIFO is not waited for, and no more than the limit is read, whatever the size says. */
void take_file(struct cursor from) {
  const uint64_t limit = take64(&from);
  const char *const name = take_name(&from);
  if (from.at != from.end) die(BAD_FRAME, "a frame that is too long");
  const int build = open_folder(build_folder), fd = openat(build, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  close(build);
  struct stat found;
  if (fd < 0 || fstat(fd, &found) != 0 || !S_ISREG(found.st_mode) || (uint64_t)found.st_size > limit) {
    if (fd >= 0) close(fd);
    answer(1, "");
    return;
  }
  static unsigned char chunk[MAX_CHUNK];
  for (uint64_t left = (uint64_t)found.st_size; left > 0;) {
    const ssize_t got = read(fd, chunk, left < sizeof chunk ? (size_t)left : sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fault("a file cannot be read", got < 0 ? errno : 0);
    queue_frame('B', chunk, (size_t)got);
    left -= (uint64_t)got;
  }
  close(fd);
  answer(0, "");
}
void list_files(void) {
  const int build = open_folder(build_folder);
  DIR *names = list(fcntl(build, F_DUPFD_CLOEXEC, 0));
  int listed = 0;
  for (struct dirent *entry; listed < MAX_LISTED && (entry = readdir(names)) != NULL;) {
    struct stat found;
    if (fstatat(build, entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(found.st_mode)) continue;
    unsigned char row[8 + sizeof entry->d_name];
    const size_t length = strlen(entry->d_name) + 1;
    put64(row, (uint64_t)found.st_size);
    memcpy(row + 8, entry->d_name, length);
    queue_frame('B', row, 8 + length);
    listed++;
  }
  closedir(names);
  close(build);
  answer(0, "");
}

/* ---- inputs ---- */

/* The last one, and an empty one for the next. */
static int input = -1, spare_input = -1;
static bool input_is_sealed = true;

void prepare_input(void) {
  if (spare_input >= 0) return;
  spare_input = memfd_create("input", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (spare_input < 0 || fchmod(spare_input, 0444) != 0) fault("cannot hold an input", errno);
}
void add_input(const void *content, size_t length) {
  if (length > 0) {
    if (input_is_sealed) die(BAD_FRAME, "an input that was not begun");
    if (!write_all(input, content, length)) fault("cannot hold an input", errno);
  } else if (!input_is_sealed) { /* the one before was given up half-way */
    if (ftruncate(input, 0) != 0 || lseek(input, 0, SEEK_SET) != 0) fault("cannot hold an input", errno);
  } else {
    if (input >= 0) close(input);
    prepare_input();
    input = spare_input;
    spare_input = -1;
    input_is_sealed = false;
  }
}
int seal_input(void) {
  if (input < 0) die(BAD_FRAME, "there is no input");
  if (!input_is_sealed && fcntl(input, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0) fault("cannot seal an input", errno);
  input_is_sealed = true;
  return input;
}
/* A descriptor of its own each time: a program that moves its own does not move the next run's. */
int open_input(int which) {
  char path[40];
  snprintf(path, sizeof path, "/proc/self/fd/%d", which);
  return open(path, O_RDONLY | O_CLOEXEC);
}
