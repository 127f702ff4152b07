/*
 * The runner: the first process (PID 1) of a box. It starts each run of an untrusted program, relays what the program says, waits, kills what is
 * left and empties the folders. README.md tells why it is so; the frames are described there too.
 *
 *   in:  'R' run, 'K' kill the run       out: 'H' hello, 'O' stdout, 'E' stderr, 'D' done, 'F' fault
 *
 * It is root in its namespaces with the capabilities SETUID, SETGID, KILL and SETPCAP only; programs are another uid with none. Whatever comes in
 * that is not a whole, valid frame ends it, and with PID 1 the kernel ends every process of the box. It opens no file that a program chose.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
  PROTOCOL = 1,
  HEADER = 8,             /* u32 length of the payload, u8 type, three zeros; all numbers little-endian */
  MAX_PAYLOAD = 1 << 18,  /* of a frame that comes in */
  MAX_CHUNK = 1 << 16,    /* of output in a frame that goes out */
  MAX_STRINGS = 1024,     /* argv and env together */
  MAX_NAME = 32,
  MAX_GROUPS = 4,
  MAX_LINKS = 256,        /* names of the build folder that a test sees */
  MAX_DEPTH = 64,         /* folders a compiler may nest and tests may enter */
  MAX_WIPE_STEPS = 200000,
  WIPE_SECONDS = 20,
  OPEN_FILES = 256,
  MAX_FILTER = 1024,      /* instructions */
};
enum { KEEP_FILES = 1, HAS_STDIN = 2 };                      /* flags of a run */
enum { EXITED = 0, SIGNALLED = 1 };                          /* how it ended */
enum { STOP_WALL = 1, STOP_OUTPUT = 2, STOP_ASKED = 4 };     /* why it was killed */
enum { BAD_USAGE = 64, BAD_FRAME = 65, BAD_SYSTEM = 71 };    /* the runner's own exit codes */

static const char *const build_folder = "/build", *const test_folder = "/box", *const temporary_folder = "/tmp", *const input_folder = "/runner/in",
                  *const filter_file = "/runner/filter";

struct run {
  uint64_t wall_us, stack_bytes, file_bytes, cpu_seconds, out_bytes, err_bytes;
  uint32_t flags;
  char name[MAX_NAME + 1]; /* of its control group and of its input */
  char *argv[MAX_STRINGS + 1], *env[MAX_STRINGS + 1];
};

static uid_t test_uid, build_uid;
static const char *groups[MAX_GROUPS];
static int group_count;
static int signal_fd;
static struct sock_filter filter[MAX_FILTER];
static struct sock_fprog filter_program = {0, filter};
static unsigned char payload[MAX_PAYLOAD + 1];

static _Noreturn void die(int code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fputs("runner: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  _exit(code);
}
static _Noreturn void broken(const char *what) { die(BAD_SYSTEM, "%s: %s", what, strerror(errno)); }

/* ---- frames ---- */

static uint32_t get32(const unsigned char *at) { return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24; }
static uint64_t get64(const unsigned char *at) { return get32(at) | (uint64_t)get32(at + 4) << 32; }
static void put32(unsigned char *at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = (unsigned char)(value >> (8 * i));
}
static void put64(unsigned char *at, uint64_t value) {
  put32(at, (uint32_t)value);
  put32(at + 4, (uint32_t)(value >> 32));
}

static void send_frame(unsigned char type, const void *content, size_t length) {
  unsigned char header[HEADER] = {0};
  put32(header, (uint32_t)length);
  header[4] = type;
  struct iovec parts[2] = {{header, HEADER}, {(void *)(uintptr_t)content, length}};
  for (int first = 0; first < 2;) {
    ssize_t sent = writev(1, parts + first, 2 - first);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) _exit(0); /* the worker is gone */
    while (first < 2 && (size_t)sent >= parts[first].iov_len) sent -= (ssize_t)parts[first++].iov_len;
    if (first < 2) {
      parts[first].iov_base = (char *)parts[first].iov_base + sent;
      parts[first].iov_len -= (size_t)sent;
    }
  }
}
static void send_fault(const char *step, int error) {
  char text[256];
  int length = snprintf(text, sizeof text, "%s: %s", step, strerror(error));
  send_frame('F', text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

static void read_all(void *to, size_t length) {
  for (size_t have = 0; have < length;) {
    ssize_t got = read(0, (char *)to + have, length - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) broken("read");
    if (got == 0) _exit(have == 0 ? 0 : BAD_FRAME); /* the worker closed the box, or died */
    have += (size_t)got;
  }
}
/* @returns the type; the payload, closed by a zero, lies in `payload`. */
static unsigned char read_frame(size_t *length) {
  unsigned char header[HEADER];
  read_all(header, HEADER);
  *length = get32(header);
  if (*length > MAX_PAYLOAD || header[5] != 0 || header[6] != 0 || header[7] != 0) die(BAD_FRAME, "no frame of ours");
  read_all(payload, *length);
  payload[*length] = 0;
  return header[4];
}

/* wall_us, stack, files, cpu_s, out, err: u64; flags, argc, envc: u32; then name, argv and env, each string closed by a zero, and nothing else. */
static void parse_run(struct run *run, size_t length) {
  enum { FIXED = 6 * 8 + 3 * 4 };
  if (length < FIXED) die(BAD_FRAME, "a run that is too short");
  uint64_t *const numbers[] = {&run->wall_us, &run->stack_bytes, &run->file_bytes, &run->cpu_seconds, &run->out_bytes, &run->err_bytes};
  for (int i = 0; i < 6; i++) {
    *numbers[i] = get64(payload + 8 * i);
    if (*numbers[i] > INT64_MAX / 2) die(BAD_FRAME, "a limit that is no number");
  }
  run->flags = get32(payload + 48);
  uint32_t argc = get32(payload + 52), envc = get32(payload + 56);
  if ((run->flags & ~(uint32_t)(KEEP_FILES | HAS_STDIN)) != 0) die(BAD_FRAME, "unknown flags");
  if (argc < 1 || argc > MAX_STRINGS || envc > MAX_STRINGS - argc) die(BAD_FRAME, "too few or too many arguments");
  char *at = (char *)payload + FIXED, *const end = (char *)payload + length;
  for (uint32_t i = 0; i < 1 + argc + envc; i++) {
    if (at >= end) die(BAD_FRAME, "an argument is missing");
    char *const string = at;
    at += strlen(at) + 1;
    if (at > end) die(BAD_FRAME, "an argument without an end");
    if (i == 0) {
      if (strlen(string) > MAX_NAME || strlen(string) < 1 || strspn(string, "0123456789") != strlen(string)) die(BAD_FRAME, "a name that is none");
      strcpy(run->name, string);
    } else if (i <= argc) run->argv[i - 1] = string;
    else run->env[i - 1 - argc] = string;
  }
  if (at != end) die(BAD_FRAME, "a run that is too long");
  run->argv[argc] = run->env[envc] = NULL;
}

/* ---- the program's own process, until it is the program ---- */

static _Noreturn void setup_failed(int report, const char *step) {
  char text[128];
  int length = snprintf(text, sizeof text, "%s: %s", step, strerror(errno));
  if (write(report, text, (size_t)length) < 0) _exit(126);
  _exit(125);
}
static void limit(int report, int which, rlim_t value) {
  struct rlimit now;
  if (getrlimit((unsigned)which, &now) != 0) setup_failed(report, "getrlimit");
  if (now.rlim_max != RLIM_INFINITY && value > now.rlim_max) value = now.rlim_max;
  if (setrlimit((unsigned)which, &(struct rlimit){value, value}) != 0) setup_failed(report, "setrlimit");
}
/*
 * A new process in the run's control group. In version 2 it is born there. In version 1 it joins by `tasks` (it has one thread) and not by
 * `cgroup.procs`: moving a whole process makes the kernel wait for an RCU grace period, which takes 10 ms when nobody moved shortly before.
 */
static bool joins_by_tasks(void) {
  char path[128];
  snprintf(path, sizeof path, "%s/tasks", group_count > 0 ? groups[0] : "");
  return access(path, F_OK) == 0;
}
static pid_t fork_in_group(const struct run *run, bool *joined) {
  char path[128];
  *joined = group_count == 0;
  if (group_count == 1 && !joins_by_tasks()) {
    snprintf(path, sizeof path, "%s/%s", groups[0], run->name);
    int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    struct clone_args args = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (__u64)fd};
    *joined = true;
    pid_t pid = fd < 0 ? -1 : (pid_t)syscall(SYS_clone3, &args, sizeof args);
    if (fd >= 0 && pid != 0) close(fd);
    if (pid >= 0) return pid;
    *joined = false; /* before Linux 5.7, or not allowed: as in version 1 */
  }
  return fork();
}
static void join_groups(const struct run *run, int report) {
  const char *file = joins_by_tasks() ? "tasks" : "cgroup.procs";
  for (int i = 0; i < group_count; i++) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s/%s", groups[i], run->name, file);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, "0", 1) != 1) setup_failed(report, "cannot join the control group");
    close(fd);
  }
}
/* For programs and for the runner's own helpers: no way back to root, nothing of root's left. */
static bool become(uid_t uid) {
  for (int capability = 0; capability < 64; capability++)
    if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1 && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return false;
  if (setgroups(0, NULL) != 0 || setresgid(uid, uid, uid) != 0 || setresuid(uid, uid, uid) != 0) return false;
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  return syscall(SYS_capset, &header, none) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && geteuid() == uid;
}
static void close_from(unsigned first) {
  if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
  for (unsigned fd = first; fd < 4096; fd++) close((int)fd);
}
static void default_signals(void) {
  signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void start_program(const struct run *run, const int streams[3], int report, bool joined) {
  const bool keeps = (run->flags & KEEP_FILES) != 0;
  if (setsid() < 0) setup_failed(report, "setsid");
  if (!joined) join_groups(run, report);
  limit(report, RLIMIT_CORE, 0);
  limit(report, RLIMIT_STACK, run->stack_bytes);
  limit(report, RLIMIT_FSIZE, run->file_bytes);
  limit(report, RLIMIT_NOFILE, OPEN_FILES);
  limit(report, RLIMIT_CPU, run->cpu_seconds); /* a belt beside the control group's clock, for each process */
  umask(022);
  for (int fd = 0; fd < 3; fd++)
    if (dup2(streams[fd], fd) < 0) setup_failed(report, "dup2");
  if (dup3(report, 3, O_CLOEXEC) < 0 && errno != EINVAL) setup_failed(report, "dup3"); /* EINVAL: it is 3 already, and closes on exec */
  close_from(4);
  if (!become(keeps ? build_uid : test_uid)) setup_failed(3, "cannot become the program's user");
  if (chdir(keeps ? build_folder : test_folder) != 0) setup_failed(3, "chdir");
  default_signals();
  if (filter_program.len > 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter_program, 0, 0) != 0) setup_failed(3, "the system call filter");
  if (write(3, "", 1) != 1) _exit(125); /* a zero: from here on it is the program */
  if (strchr(run->argv[0], '/') != NULL) execve(run->argv[0], run->argv, run->env);
  else execvpe(run->argv[0], run->argv, run->env);
  const int error = errno;
  dprintf(2, "%s: %s\n", run->argv[0], strerror(error));
  _exit(error == ENOENT ? 127 : 126);
}

/* ---- folders ---- */

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
/* One of our links from the test's folder to what lies in the build folder. */
static bool is_link_of_ours(int folder, const char *name) {
  struct stat found;
  char want[PATH_MAX], target[PATH_MAX];
  int length = snprintf(want, sizeof want, "%s/%s", build_folder, name);
  if (fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISLNK(found.st_mode) || found.st_uid != 0) return false;
  return readlinkat(folder, name, target, sizeof target) == length && memcmp(want, target, (size_t)length) == 0 && access(want, F_OK) == 0;
}
/* A test works in an empty folder in which the box's files can be reached: links that it can neither remove nor replace (sticky, root's). */
static void show_build(void) {
  int test = open_folder(test_folder), shown = 0;
  DIR *names = list(open_folder(build_folder));
  for (struct dirent *entry; shown < MAX_LINKS && (entry = readdir(names)) != NULL;) {
    if (is_dots(entry->d_name) || (entry->d_type != DT_REG && entry->d_type != DT_DIR)) continue;
    char target[PATH_MAX];
    snprintf(target, sizeof target, "%s/%s", build_folder, entry->d_name);
    if (symlinkat(target, test, entry->d_name) != 0 && errno != EEXIST) break; /* full: the program will miss it and say so */
    shown++;
  }
  closedir(names);
  close(test);
}
/* What is in the folder and not of ours; as root, with `remove`, by unlinking what is no full folder. */
static int strangers(const char *path, bool remove) {
  int count = 0;
  DIR *names = list(open_folder(path));
  const int folder = dirfd(names);
  for (struct dirent *entry; (entry = readdir(names)) != NULL;) {
    if (is_dots(entry->d_name) || is_link_of_ours(folder, entry->d_name)) continue;
    if (remove && (unlinkat(folder, entry->d_name, 0) == 0 || unlinkat(folder, entry->d_name, AT_REMOVEDIR) == 0)) continue;
    count++;
  }
  closedir(names);
  return count;
}
/* Removes all that this uid may, to any depth with two descriptors: when a folder is full it goes in, and comes back up when it is empty. */
static void wipe(const char *path) {
  int folder = open_folder(path), depth = 0, steps = 0;
  for (;;) {
    int into = -1;
    DIR *names = list(fcntl(folder, F_DUPFD_CLOEXEC, 0));
    for (struct dirent *entry; into < 0 && (entry = readdir(names)) != NULL;) {
      if (is_dots(entry->d_name)) continue;
      if (++steps > MAX_WIPE_STEPS) _exit(1);
      if (unlinkat(folder, entry->d_name, 0) == 0 || unlinkat(folder, entry->d_name, AT_REMOVEDIR) == 0) continue;
      struct stat found;
      if (fstatat(folder, entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(found.st_mode) || found.st_uid != geteuid()) continue;
      if (fchmodat(folder, entry->d_name, 0700, 0) != 0) continue;
      into = openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    }
    closedir(names);
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
/* What a compiler left is its own uid's: tests may read and run it, nobody else may write it, and no folder lets anybody put anything in. */
static void settle(int parent, int depth) {
  DIR *names = list(parent);
  const int folder = dirfd(names);
  for (struct dirent *entry; (entry = readdir(names)) != NULL;) {
    struct stat found;
    if (is_dots(entry->d_name) || fstatat(folder, entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0 || S_ISLNK(found.st_mode) || found.st_uid != geteuid()) continue;
    const mode_t own = found.st_mode & 0700, seen = own | (own & 0500) >> 3 | (own & 0500) >> 6;
    const bool enters = S_ISDIR(found.st_mode) && depth < MAX_DEPTH;
    if (fchmodat(folder, entry->d_name, enters ? 0755 : S_ISREG(found.st_mode) ? seen : 0600, 0) != 0) _exit(1);
    if (!enters) continue;
    int into = openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (into < 0) _exit(1);
    settle(into, depth + 1);
  }
  closedir(names);
}
static _Noreturn void tidy_as_user(bool keeps) {
  alarm(WIPE_SECONDS);
  default_signals();
  if (!become(keeps ? build_uid : test_uid)) _exit(1);
  if (keeps) settle(open_folder(build_folder), 0);
  wipe(test_folder);
  wipe(temporary_folder);
  _exit(0);
}
/* After a run, when no process of its user is alive. @returns false when something could not be removed. */
static bool tidy(bool keeps) {
  if (!keeps && strangers(test_folder, false) + strangers(temporary_folder, false) == 0) return true;
  pid_t helper = fork();
  if (helper < 0) return false;
  if (helper == 0) tidy_as_user(keeps);
  int status;
  while (waitpid(helper, &status, 0) < 0)
    if (errno != EINTR) return false;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return false;
  return strangers(test_folder, true) + strangers(temporary_folder, true) == 0;
}

/* ---- a run ---- */

struct stream {
  int fd;
  unsigned char type;
  bool over;
  uint64_t left; /* bytes still passed on */
  size_t held;
  unsigned char chunk[MAX_CHUNK];
};
static struct stream outs, errs;
static uint64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}
/* Every other process of the box. We are PID 1, which the call spares; no process can fork its way past it. */
static void kill_all(void) { kill(-1, SIGKILL); }

static void open_stream(struct stream *stream, int fd, unsigned char type, uint64_t limit) {
  fcntl(fd, F_SETFL, O_NONBLOCK);
  stream->fd = fd;
  stream->type = type;
  stream->over = false;
  stream->left = limit;
  stream->held = 0;
}
static void flush_stream(struct stream *stream) {
  if (stream->held > 0) send_frame(stream->type, stream->chunk, stream->held);
  stream->held = 0;
}
/*
 * Takes what has come, up to the limit; the rest is read and dropped. Passed on in full chunks, so that a program that writes byte by byte costs
 * nobody else more than one that does not. @returns false when nothing more can come now.
 */
static bool relay(struct stream *stream) {
  static unsigned char dropped[MAX_CHUNK];
  const bool full = stream->left == 0;
  const size_t room = full ? sizeof dropped : sizeof stream->chunk - stream->held;
  ssize_t got = read(stream->fd, full ? dropped : stream->chunk + stream->held, room);
  if (got < 0) return errno == EINTR;
  if (got == 0) {
    close(stream->fd);
    stream->fd = -1;
    return false;
  }
  const size_t passed = full ? 0 : (uint64_t)got < stream->left ? (size_t)got : (size_t)stream->left;
  stream->left -= passed;
  stream->held += passed;
  if ((size_t)got > passed) stream->over = true;
  if (stream->held == sizeof stream->chunk) flush_stream(stream);
  return true;
}

struct ending {
  int status;
  bool ended;
  uint32_t stops;
  uint64_t wall_us;
  struct rusage used;
};

/* Until the program's first process has ended; kills at the wall limit, at too much output, and when asked. */
static void watch(const struct run *run, pid_t program, struct ending *end) {
  const uint64_t started = now_us();
  while (!end->ended) {
    const uint64_t passed = now_us() - started;
    if (end->stops == 0 && passed >= run->wall_us) {
      end->stops = STOP_WALL;
      kill_all();
    }
    const uint64_t left_ms = end->stops != 0 ? 1000 : (run->wall_us - passed + 999) / 1000;
    struct pollfd on[4] = {{0, POLLIN, 0}, {signal_fd, POLLIN, 0}, {outs.fd, POLLIN, 0}, {errs.fd, POLLIN, 0}};
    if (poll(on, 4, left_ms > 60000 ? 60000 : (int)left_ms) < 0 && errno != EINTR) broken("poll");
    if (on[2].revents != 0) relay(&outs);
    if (on[3].revents != 0) relay(&errs);
    if (outs.over && end->stops == 0) {
      end->stops = STOP_OUTPUT;
      kill_all();
    }
    if (on[0].revents != 0) {
      size_t length;
      if (read_frame(&length) != 'K' || length != 0) die(BAD_FRAME, "during a run only a kill may come");
      end->stops |= STOP_ASKED;
      kill_all();
    }
    struct signalfd_siginfo told;
    if (on[1].revents == 0 || read(signal_fd, &told, sizeof told) < 0) continue;
    struct rusage used;
    int status;
    for (pid_t pid; (pid = wait4(-1, &status, WNOHANG, &used)) > 0;) {
      if (pid != program) continue; /* an orphan of the program's */
      end->ended = true;
      end->status = status;
      end->used = used;
      end->wall_us = now_us() - started;
    }
  }
}

static void send_done(const struct ending *end, bool over) {
  unsigned char done[6 * 8];
  const bool signalled = WIFSIGNALED(end->status);
  put32(done, signalled ? SIGNALLED : EXITED);
  put32(done + 4, (uint32_t)(signalled ? WTERMSIG(end->status) : WEXITSTATUS(end->status)));
  put32(done + 8, end->stops | (over ? STOP_OUTPUT : 0));
  put32(done + 12, 0);
  put64(done + 16, end->wall_us);
  put64(done + 24, (uint64_t)end->used.ru_maxrss * 1024);
  put64(done + 32, (uint64_t)end->used.ru_utime.tv_sec * 1000000 + (uint64_t)end->used.ru_utime.tv_usec);
  put64(done + 40, (uint64_t)end->used.ru_stime.tv_sec * 1000000 + (uint64_t)end->used.ru_stime.tv_usec);
  send_frame('D', done, sizeof done);
}

static int open_input(const struct run *run) {
  if ((run->flags & HAS_STDIN) == 0) return open("/dev/null", O_RDONLY | O_CLOEXEC);
  char path[64];
  snprintf(path, sizeof path, "%s/%s", input_folder, run->name);
  return open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
}

static void do_run(const struct run *run) {
  int out[2], err[2], report[2];
  const bool keeps = (run->flags & KEEP_FILES) != 0;
  const int in = open_input(run);
  if (in < 0) {
    send_fault("the input", errno);
    return;
  }
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0 || pipe2(report, O_CLOEXEC) != 0) broken("pipe");
  /* So that a program may open /dev/stdout, which is its own descriptor anew, and write only. */
  if (fchmod(out[1], 0622) != 0 || fchmod(err[1], 0622) != 0) broken("fchmod");
  if (!keeps) show_build();
  bool joined;
  const pid_t program = fork_in_group(run, &joined);
  if (program < 0) broken("fork");
  if (program == 0) start_program(run, (const int[3]){in, out[1], err[1]}, report[1], joined);
  close(in);
  close(out[1]);
  close(err[1]);
  close(report[1]);
  open_stream(&outs, out[0], 'O', run->out_bytes);
  open_stream(&errs, err[0], 'E', run->err_bytes);
  struct ending end = {0};
  watch(run, program, &end);
  kill_all();
  while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) continue; /* no process of the program's is left: what is in the pipes is all */
  while (outs.fd >= 0 && relay(&outs)) continue;
  while (errs.fd >= 0 && relay(&errs)) continue;
  flush_stream(&outs);
  flush_stream(&errs);
  char told[128];
  const ssize_t length = read(report[0], told, sizeof told - 1);
  close(report[0]);
  if (outs.fd >= 0) close(outs.fd);
  if (errs.fd >= 0) close(errs.fd);
  const bool clean = tidy(keeps);
  if (!clean) die(BAD_SYSTEM, "something that a run left cannot be removed");
  if (length == 1 && told[0] == 0) send_done(&end, outs.over);
  else if (length > 0) send_frame('F', told, (size_t)length);
  else if (end.stops != 0 || WIFSIGNALED(end.status)) send_done(&end, outs.over); /* killed before it was the program: the worker knows by what */
  else send_frame('F', "the program was never started", 29);
}

/* The filter that programs get, whole or not at all; no file where there is none for this architecture. */
static void read_filter(void) {
  int fd = open(filter_file, O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return;
  ssize_t length = fd < 0 ? -1 : read(fd, filter, sizeof filter);
  if (length < 0 || (size_t)length == sizeof filter || (size_t)length % sizeof filter[0] != 0) die(BAD_SYSTEM, "the system call filter cannot be read (%zd bytes, %s)", length, strerror(errno));
  filter_program.len = (unsigned short)((size_t)length / sizeof filter[0]);
  close(fd);
}

int main(int argc, char **argv) {
  if (getpid() != 1) die(BAD_USAGE, "it kills every process it sees, so it must be the first of its own process namespace");
  if (argc < 3 || argc - 3 > MAX_GROUPS) die(BAD_USAGE, "usage: runner TEST-UID BUILD-UID CONTROL-GROUP-FOLDER...");
  test_uid = (uid_t)strtoul(argv[1], NULL, 10);
  build_uid = (uid_t)strtoul(argv[2], NULL, 10);
  if (test_uid == 0 || build_uid == 0 || test_uid == build_uid) die(BAD_USAGE, "two users are needed, neither of them root");
  for (group_count = 0; group_count < argc - 3; group_count++) groups[group_count] = argv[3 + group_count];
  close_from(3);
  read_filter();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_DUMPABLE, 0);
  signal(SIGPIPE, SIG_IGN);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, NULL);
  if ((signal_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK)) < 0) broken("signalfd");
  send_frame('H', (const unsigned char[]){PROTOCOL}, 1);
  static struct run run;
  for (;;) {
    size_t length;
    const unsigned char type = read_frame(&length);
    if (type == 'K' && length == 0) continue; /* the run had ended by itself */
    if (type != 'R') die(BAD_FRAME, "an unknown frame");
    parse_run(&run, length);
    do_run(&run);
  }
}
