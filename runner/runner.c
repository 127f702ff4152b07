/*
 * The runner: the first process (PID 1) of a box. It keeps the box's files, starts each run of an untrusted program, bounds and measures it,
 * relays what it says, waits, kills what is left and empties the folders. README.md tells why it is so; the frames are described there too.
 *
 *   in:  'S' set up, 'P' put, 'C' more of what is put, 'T' take, 'L' list, 'I' input, 'J' join, 'R' run, 'K' kill the run
 *   out: 'H' hello, 'A' answer, 'B' bytes of an answer, 'O' stdout, 'E' stderr, 'D' done, 'F' fault
 *
 * It is root in its namespaces with the capabilities SETUID, SETGID, KILL and SETPCAP only; programs are another uid with none. Whatever comes in
 * that is not a whole, valid frame ends it, and with PID 1 the kernel ends every process of the box. It opens no file that a program chose.
 */
#define _GNU_SOURCE
#include "runner.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
  MAX_STRINGS = 1024,  /* argv and env together */
  MAX_GROUPS = 4,
  OPEN_FILES = 256,
  MAX_FILTER = 1024,   /* instructions */
  SAMPLE_US = 5000,    /* how often a run is looked at, when it has lasted a while */
  COMPILER_SAMPLE_US = 50000, /* and a compiler whose memory its group bounds: what it had is told to nobody */
  FIRST_SAMPLE_US = 1000,
  LEAST_PAUSE_US = 250,
};
enum { KEEP_FILES = 1, HAS_STDIN = 2, JOINED = 4, BACKGROUND = 8 };               /* flags of a run */
enum { EXITED = 0, SIGNALLED = 1 };                                                /* how it ended */
enum { STOP_WALL = 1, STOP_OUTPUT = 2, STOP_ASKED = 4, STOP_CPU = 8, STOP_MEMORY = 16 }; /* why it was killed */
static const uint32_t no_core = UINT32_MAX;

/* Shared with the process that waits for it. */
struct run {
  uint64_t wall_us, cpu_us, memory_bytes, stack_bytes, file_bytes, out_bytes, err_bytes;
  uint32_t flags, processes, core;
  int input; /* a descriptor; -1: none */
  char *argv[MAX_STRINGS + 1], *env[MAX_STRINGS + 1];
};

static uid_t test_uid, build_uid;
static int signal_fd;
static struct sock_filter filter[MAX_FILTER];
static struct sock_fprog filter_program = {0, filter};

_Noreturn void die(int code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fputs("runner: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  leave(code);
}
_Noreturn void leave(int code) {
  if (getpid() != 1) _exit(code); /* a helper of the runner's */
  kill(-1, SIGKILL);
  while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) continue;
  discard_account();
  _exit(code);
}
_Noreturn void broken(const char *what) { die(BAD_SYSTEM, "%s: %s", what, strerror(errno)); }
uint64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* Seven u64 and five u32, then argv and env, each string closed by a zero, and nothing else. */
static void parse_run(struct run *run, struct cursor from) {
  uint64_t *const numbers[] = {&run->wall_us, &run->cpu_us, &run->memory_bytes, &run->stack_bytes, &run->file_bytes, &run->out_bytes, &run->err_bytes};
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) *numbers[i] = take64(&from);
  run->flags = take32(&from);
  run->processes = take32(&from);
  run->core = take32(&from);
  const uint32_t argc = take32(&from), envc = take32(&from);
  if ((run->flags & ~(uint32_t)(KEEP_FILES | HAS_STDIN | JOINED | BACKGROUND)) != 0) die(BAD_FRAME, "unknown flags");
  if ((run->flags & JOINED) != 0 && ((run->flags & HAS_STDIN) != 0 || !are_joined())) die(BAD_FRAME, "a run that talks with nobody");
  if (run->core != no_core && run->core >= CPU_SETSIZE) die(BAD_FRAME, "a core that is none");
  if (argc < 1 || argc > MAX_STRINGS || envc > MAX_STRINGS - argc) die(BAD_FRAME, "too few or too many arguments");
  for (uint32_t i = 0; i < argc; i++) run->argv[i] = (char *)(uintptr_t)take_string(&from);
  for (uint32_t i = 0; i < envc; i++) run->env[i] = (char *)(uintptr_t)take_string(&from);
  if (from.at != from.end) die(BAD_FRAME, "a run that is too long");
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
/* Descriptors of a process that is ready to become a program; read ends but for `wake`, a socket. */
struct waiting {
  pid_t pid; /* 0: none */
  int out, err, report, wake;
};
static struct waiting ahead;

/* What does not depend on the run is done ahead, most of what a start costs; then it waits for the run, or for the end of the runner. */
static void get_ready(int out, int err, int report) {
  /* No session of its own: the kernel weighs sessions against each other (autogroup), and the box shall weigh as one. */
  if (setpgid(0, 0) != 0) setup_failed(report, "setpgid");
  if (!join_account()) setup_failed(report, "cannot join the control group");
  limit(report, RLIMIT_CORE, 1); /* not 0: that does not keep a core from a program of the host that takes them by a pipe */
  limit(report, RLIMIT_MEMLOCK, 64 * 1024); /* the rest: whatever shell the worker was started from */
  limit(report, RLIMIT_MSGQUEUE, 0);
  limit(report, RLIMIT_NICE, 0);
  limit(report, RLIMIT_RTPRIO, 0);
  limit(report, RLIMIT_NOFILE, OPEN_FILES);
  umask(022);
  if (dup2(out, 1) < 0 || dup2(err, 2) < 0) setup_failed(report, "dup2");
  if (filter_program.len > 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter_program, 0, 0) != 0) setup_failed(report, "the system call filter");
}
static _Noreturn void become_program(const struct run *run, int report, int wake) {
  int ends[2];
  if (!receive_ends(wake, ends)) _exit(125);
  const bool keeps = (run->flags & KEEP_FILES) != 0;
  const int in = ends[0] >= 0 ? ends[0] : run->input >= 0 ? open_input(run->input) : open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (in < 0 || dup2(in, 0) < 0) setup_failed(report, "the input");
  if (ends[1] >= 0 && dup2(ends[1], 1) < 0) setup_failed(report, "the output");
  limit(report, RLIMIT_STACK, run->stack_bytes);
  limit(report, RLIMIT_FSIZE, run->file_bytes);
  limit(report, RLIMIT_CPU, run->cpu_us / 1000000 + 3); /* a belt beside the clock of the whole tree, for each process */
  if (!bounds_processes()) limit(report, RLIMIT_NPROC, run->processes);
  if (!become(keeps ? build_uid : test_uid)) setup_failed(report, "cannot become the program's user");
  if (chdir(keeps ? build_folder : test_folder) != 0) setup_failed(report, "chdir");
  default_signals();
  if (write(report, "", 1) != 1) _exit(125); /* a zero: from here on it is the program, and all but 0, 1 and 2 closes */
  environ = (char **)(uintptr_t)run->env;    /* its PATH is searched, not ours */
  execvp(run->argv[0], run->argv);
  const int error = errno;
  dprintf(2, "%s: %s\n", run->argv[0], strerror(error));
  _exit(error == ENOENT ? 127 : 126);
}

static void prepare_run(const struct run *run) {
  if (ahead.pid > 0) return;
  int out[2], err[2], report[2], wake[2];
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0 || pipe2(report, O_CLOEXEC) != 0) broken("pipe");
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, wake) != 0) broken("socketpair");
  /* So that a program may open /dev/stdout, which is its own descriptor anew, and write only. */
  if (fchmod(out[1], 0622) != 0 || fchmod(err[1], 0622) != 0) broken("fchmod");
  prepare_input();
  prepare_account();
  ahead = (struct waiting){fork_accounted(), out[0], err[0], report[0], wake[1]};
  if (ahead.pid < 0) fault("fork", errno);
  if (ahead.pid == 0) {
    close(wake[1]);
    get_ready(out[1], err[1], report[1]);
    become_program(run, report[1], wake[0]);
  }
  close(out[1]);
  close(err[1]);
  close(report[1]);
  close(wake[0]);
}
/*
 * Its core is given to it from outside: the filter that it has does not let it choose. We go there too: starting and ending a run then wakes no
 * other core, and while the program works we sleep.
 */
static bool pin(pid_t pid, uint32_t core) {
  static uint32_t ours = UINT32_MAX;
  if (core == no_core) return true;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(core, &one);
  if (core != ours && sched_setaffinity(0, sizeof one, &one) != 0) return false;
  ours = core;
  return sched_setaffinity(pid, sizeof one, &one) == 0;
}
/*
 * Whoever else wants the core has it first, as far as the kernel listens: where it weighs sessions or control groups against each other, this is said within
 * the box's own, and its worker says the rest.
 */
static void give_way(pid_t pid) {
  const struct sched_param none = {0};
  sched_setscheduler(pid, SCHED_IDLE, &none);
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
  if (stream->held > 0) queue_frame(stream->type, stream->chunk, stream->held);
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
  if (stream->held == sizeof stream->chunk) {
    flush_stream(stream);
    send_queued();
  }
  return true;
}

struct ending {
  int status;
  bool ended;
  uint32_t stops;
  uint64_t waited_us; /* by the longest waiting task, as the wall clock stopped it */
  uint64_t wall_us, rss_bytes, written_bytes;
  bool other_had_left; /* of a joined run */
  struct usage used; /* when no process of the run is left, and before anything of ours is at work in its place */
};

static void stop(struct ending *end, uint32_t reason) {
  end->stops |= reason;
  kill_all();
}
/* Collects the dead: the program's first process, and whatever it left to us. @returns false when there is nobody to wait for now. */
static bool reap(pid_t program, struct ending *end, int flags) {
  struct rusage used;
  int status;
  const pid_t pid = wait4(-1, &status, flags, &used);
  if (pid < 0 && errno == EINTR) return true;
  if (pid <= 0) return false;
  if ((uint64_t)used.ru_maxrss * 1024 > end->rss_bytes) end->rss_bytes = (uint64_t)used.ru_maxrss * 1024; /* the biggest, with all it waited for */
  if (pid == program) {
    end->ended = true;
    end->status = status;
  }
  return true;
}
static unsigned cores_of(const struct run *run) {
  cpu_set_t allowed;
  if (run->core != no_core || sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
  return (unsigned)CPU_COUNT(&allowed);
}
/* The kernel's clocks and counters of the whole tree; kills what is over. @returns when to look again, in µs. */
static uint64_t look(const struct run *run, struct ending *end, unsigned cores, uint64_t pause_us) {
  sample_account();
  const struct usage used = usage_so_far();
  let_go_when_idle(used.cpu_us);
  if (end->stops == 0 && used.cpu_us > run->cpu_us) stop(end, STOP_CPU);
  /* In version 1 the kernel ends one process for want of memory and not the others: they would go on without it. */
  if (end->stops == 0 && (used.sampled_bytes + used.kernel_bytes > run->memory_bytes || used.oom_kills > 0)) stop(end, STOP_MEMORY);
  const uint64_t left_us = used.cpu_us < run->cpu_us ? (run->cpu_us - used.cpu_us) / cores + LEAST_PAUSE_US : LEAST_PAUSE_US;
  return end->stops == 0 && left_us < pause_us ? left_us : pause_us;
}

/* Until the program's first process has ended; kills at the limits, at too much output, and when asked. */
static void watch(const struct run *run, pid_t program, uint64_t started, struct ending *end) {
  const unsigned cores = cores_of(run);
  const uint64_t longest_us = (run->flags & KEEP_FILES) != 0 && bounds_memory() ? COMPILER_SAMPLE_US : SAMPLE_US;
  uint64_t pause_us = FIRST_SAMPLE_US, next_look = started + pause_us;
  while (!end->ended) {
    uint64_t now = now_us();
    if (end->stops == 0 && now - started >= run->wall_us) {
      end->waited_us = longest_wait_us();
      stop(end, STOP_WALL);
    }
    if (now >= next_look) {
      pause_us = pause_us * 2 < longest_us ? pause_us * 2 : longest_us;
      next_look = now + look(run, end, cores, pause_us);
      now = now_us();
    }
    uint64_t until = next_look;
    if (end->stops == 0 && started + run->wall_us < until) until = started + run->wall_us;
    const uint64_t left = frame_is_here() || until <= now ? 0 : until - now;
    const struct timespec patience = {(time_t)(left / 1000000), (long)(left % 1000000) * 1000};
    struct pollfd on[4] = {{0, POLLIN, 0}, {signal_fd, POLLIN, 0}, {outs.fd, POLLIN, 0}, {errs.fd, POLLIN, 0}};
    if (ppoll(on, 4, &patience, NULL) < 0 && errno != EINTR) broken("poll");
    if (on[2].revents != 0) relay(&outs);
    if (on[3].revents != 0) relay(&errs);
    if (outs.over && end->stops == 0) stop(end, STOP_OUTPUT);
    if (on[0].revents != 0 || frame_is_here()) {
      const struct frame frame = read_frame();
      if (frame.type != 'K' || frame.length != 0) die(BAD_FRAME, "during a run only a kill may come");
      stop(end, STOP_ASKED);
    }
    struct signalfd_siginfo told;
    if (on[1].revents == 0 || read(signal_fd, &told, sizeof told) < 0) continue;
    while (reap(program, end, WNOHANG)) continue;
    if (end->ended && (run->flags & JOINED) != 0) end->other_had_left = other_had_left();
    end->wall_us = now_us() - started;
  }
}

static void send_done(const struct ending *end, bool over) {
  unsigned char done[6 * 4 + 7 * 8];
  const bool signalled = WIFSIGNALED(end->status);
  const struct usage used = end->used;
  /* A task of the tree waits for the tree's own others no longer than they compute: what is more, others took. */
  const uint64_t starved_us = end->waited_us > used.cpu_us ? end->waited_us - used.cpu_us : 0;
  const uint32_t words[] = {signalled ? SIGNALLED : EXITED, (uint32_t)(signalled ? WTERMSIG(end->status) : WEXITSTATUS(end->status)), end->stops | (over ? STOP_OUTPUT : 0), (uint32_t)(starved_us / 1000), end->other_had_left, 0};
  const uint64_t numbers[] = {end->wall_us, used.cpu_us, end->rss_bytes, used.sampled_bytes, used.oom_kills, used.limit_hits, end->written_bytes};
  for (int i = 0; i < 6; i++) put32(done + 4 * i, words[i]);
  for (int i = 0; i < 7; i++) put64(done + 24 + 8 * i, numbers[i]);
  queue_frame('D', done, sizeof done);
  send_queued();
}

/* What the process said before it became the program: nothing but a zero, else it never did. */
static void check_report(int report, const struct ending *end) {
  char told[128];
  const ssize_t length = read(report, told, sizeof told - 1);
  close(report);
  if (length > 1) {
    told[length] = 0;
    fault(told, 0);
  }
  const bool killed_early = end->stops != 0 || WIFSIGNALED(end->status); /* the worker knows by what */
  if (length != 1 && !killed_early) fault("the program was never started", 0);
}

static void do_run(struct run *run) {
  const bool keeps = (run->flags & KEEP_FILES) != 0;
  run->input = (run->flags & HAS_STDIN) != 0 ? seal_input() : -1;
  if (!keeps) show_build();
  prepare_run(run);
  const struct waiting program = ahead;
  ahead.pid = 0;
  if (!pin(program.pid, run->core)) fault("cannot go to its core", errno);
  if ((run->flags & BACKGROUND) != 0) give_way(program.pid);
  open_stream(&outs, program.out, 'O', run->out_bytes);
  open_stream(&errs, program.err, 'E', run->err_bytes);
  begin_account(run->memory_bytes, run->processes);
  const bool joined = (run->flags & JOINED) != 0;
  const uint64_t written = joined ? written_bytes() : 0, started = now_us();
  if (!send_ends(program.wake, joined) && errno != EPIPE && errno != ECONNRESET) broken("wake"); /* it could not get ready, and has said why */
  close(program.wake);
  struct ending end = {0};
  watch(run, program.pid, started, &end);
  kill_all();
  while (reap(program.pid, &end, 0)) continue; /* no process of the program's is left: what is in the pipes is all */
  end.used = usage_so_far();
  if (joined) end.written_bytes = written_bytes() - written;
  while (outs.fd >= 0 && relay(&outs)) continue;
  while (errs.fd >= 0 && relay(&errs)) continue;
  flush_stream(&outs);
  flush_stream(&errs);
  if (outs.fd >= 0) close(outs.fd);
  if (errs.fd >= 0) close(errs.fd);
  if (!tidy(keeps)) fault("something that a run left cannot be removed", 0);
  check_report(program.report, &end);
  send_done(&end, outs.over);
  end_account(); /* while the worker thinks */
  prepare_run(run);
}

/* u32 test uid, build uid, accounting (0 container, 1 groups), number of folders, bytes of the filter; the filter, the folders. */
static void set_up(struct cursor from) {
  test_uid = (uid_t)take32(&from);
  build_uid = (uid_t)take32(&from);
  if (test_uid == 0 || build_uid == 0 || test_uid == build_uid) die(BAD_FRAME, "two users are needed, neither of them root");
  const uint32_t kind = take32(&from), count = take32(&from), length = take32(&from);
  if (kind > 1 || count > MAX_GROUPS || length > sizeof filter || length % sizeof filter[0] != 0 || length > (size_t)(from.end - from.at)) die(BAD_FRAME, "a set-up that is none");
  memcpy(filter, from.at, length);
  filter_program.len = (unsigned short)(length / sizeof filter[0]);
  from.at += length;
  const char *folders[MAX_GROUPS];
  for (uint32_t i = 0; i < count; i++) folders[i] = take_string(&from);
  if (from.at != from.end) die(BAD_FRAME, "a set-up that is too long");
  open_folders(test_uid, build_uid);
  if (kind == 1) account_by_groups(folders, (int)count);
  else account_by_container();
}

/* What no program may have again is given up by the runner itself, once, and so by all whom it starts. */
static void give_up_rights(void) {
  for (int capability = 0; capability < 64; capability++)
    if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1 && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) broken("cannot empty the bounding set");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) broken("no new privileges");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_DUMPABLE, 0);
}

static void serve(struct frame frame, struct run *run) {
  const struct cursor from = {frame.content, frame.content + frame.length};
  switch (frame.type) {
    case 'K':
      if (frame.length != 0) die(BAD_FRAME, "an unknown frame");
      break; /* the run had ended by itself */
    case 'I': add_input(frame.content, frame.length); break;
    case 'J': join_boxes(from); break;
    case 'P': put_file(from); break;
    case 'T': take_file(from); break;
    case 'L':
      if (frame.length != 0) die(BAD_FRAME, "an unknown frame");
      list_files();
      break;
    case 'R':
      parse_run(run, from);
      do_run(run);
      break;
    default: die(BAD_FRAME, "an unknown frame");
  }
}

int main(void) {
  if (getpid() != 1) die(BAD_USAGE, "it kills every process it sees, so it must be the first of its own process namespace");
  close_from(3);
  give_up_rights();
  signal(SIGPIPE, SIG_IGN);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, NULL);
  if ((signal_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK)) < 0) broken("signalfd");
  share_frames();
  struct run *const run = mmap(NULL, sizeof *run, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (run == MAP_FAILED) broken("mmap");
  queue_frame('H', (const unsigned char[]){PROTOCOL}, 1);
  send_queued();
  struct frame frame = read_frame();
  if (frame.type != 'S') die(BAD_FRAME, "it must be set up first");
  set_up((struct cursor){frame.content, frame.content + frame.length});
  prepare_run(run);
  answer(0, "");
  for (;;) serve(read_frame(), run);
}
