/*
 * The spawner: starts programs and makes boxes for a worker whose own fork is slow. Forking copies the page tables of the one who forks, which takes a Node process of
 * 300 MB ten milliseconds in which it does nothing else; this one has a few pages, and it does so while the worker goes on.
 *
 *   spawner SOCKET      in an empty environment but for what programs are to get; the working folder is private to the worker
 *
 * It listens on SOCKET, a name in its working folder. Who connects sends one request: u32 length, u32 id, u32 kind, then strings, each closed by a zero
 * byte. The first is a file for the program's stderr; the others are by kind
 *   0  a program: its argv
 *   1  a runner in a box of its own: the view, then binds in pairs (box.h); 2: likewise, and control groups are shown as from the root
 * The connection then is the program's stdin and stdout. On the spawner's own
 *   stdin   come u32 order, u32 id: kill that program, with what it has started so far (0); let others have the cores before that box (1)
 *   stdout  go u32 id, u32 status (as wait tells it): the program has ended, or could not be started (status 0xffffffff)
 * Numbers are the machine's own. A program is known by the id that the worker gave it, and a pid is not used once it has been waited for, so nothing
 * else can be killed by mistake; with the first process of a box the kernel ends all of it. At the end of its stdin, and at the worker's death, it ends; programs notice by PR_SET_PDEATHSIG, which they set.
 */
#define _GNU_SOURCE
#include "box.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_REQUEST = 1 << 18, MAX_STRINGS = 2048, MAX_CHILDREN = 1024, REQUEST_SECONDS = 10 };
enum kind { PROGRAM = 0, BOX = 1, BOX_HIDES_GROUPS = 2 };
enum order { END = 0, GIVE_WAY = 1 };
static const uint32_t never_started = 0xffffffff;

struct child {
  uint32_t id;
  pid_t pid; /* 0: a free place */
};
static struct child children[MAX_CHILDREN];
static char request[MAX_REQUEST + 1];

static _Noreturn void broken(const char *what) {
  fprintf(stderr, "spawner: %s: %s\n", what, strerror(errno));
  _exit(71);
}

static void tell(uint32_t id, uint32_t status) {
  const uint32_t words[2] = {id, status};
  if (write(1, words, sizeof words) != (ssize_t)sizeof words) _exit(0); /* the worker is gone; so short a write to a socket is whole or nothing */
}

static bool read_whole(int from, void *to, size_t length) {
  for (size_t have = 0; have < length;) {
    const ssize_t got = read(from, (char *)to + have, length - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    have += (size_t)got;
  }
  return true;
}

static void take_connection(int connection, const char *errors) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  setsid(); /* a Ctrl-C at the worker's terminal is not the program's business */
  const int said = open(errors, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW, 0600);
  if (said < 0 || dup2(said, 2) < 0 || dup2(connection, 0) < 0 || dup2(connection, 1) < 0) _exit(126);
  if (syscall(SYS_close_range, 3U, ~0U, 0U) != 0)
    for (int fd = 3; fd < 1024; fd++) close(fd);
}
static _Noreturn void become_program(char **argv) {
  if (chdir("/") != 0) _exit(126);
  execv(argv[0], argv);
  dprintf(2, "%s: %s\n", argv[0], strerror(errno));
  _exit(127);
}

static void start(int connection) {
  uint32_t head[3];
  const struct timeval patience = {REQUEST_SECONDS, 0};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (!read_whole(connection, head, sizeof head)) return;
  if (head[0] > MAX_REQUEST || !read_whole(connection, request, head[0])) return tell(head[1], never_started);
  char *strings[MAX_STRINGS + 1], *at = request, *const end = request + head[0];
  int count = 0;
  *end = 0;
  for (; at < end && count < MAX_STRINGS; at += strlen(at) + 1) strings[count++] = at;
  strings[count] = NULL;
  const uint32_t kind = head[2];
  if (at != end || count < 2 || kind > BOX_HIDES_GROUPS || (kind != PROGRAM && count % 2 != 0)) return tell(head[1], never_started);
  struct child *place = NULL;
  for (int i = 0; i < MAX_CHILDREN && place == NULL; i++)
    if (children[i].pid == 0) place = &children[i];
  const struct timeval none = {0, 0};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof none); /* the program waits as long as it likes */
  const pid_t pid = place == NULL ? -1 : kind == PROGRAM ? fork() : fork_into_box(kind == BOX_HIDES_GROUPS);
  if (pid == 0) {
    take_connection(connection, strings[0]);
    if (kind == PROGRAM) become_program(strings + 1);
    become_runner(strings[1], strings + 2, count - 2);
  }
  if (pid < 0) tell(head[1], never_started);
  else *place = (struct child){head[1], pid};
}

/* Stopped first, and seen to have stopped, so that it starts no more meanwhile: what it had started could else be left waiting for ever. */
static void end_with_children(pid_t pid) {
  char path[64], list[4096];
  siginfo_t info;
  kill(pid, SIGSTOP);
  while (waitid(P_PID, (id_t)pid, &info, WSTOPPED | WEXITED | WNOWAIT) != 0 && errno == EINTR) continue;
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  const ssize_t length = fd < 0 ? 0 : read(fd, list, sizeof list - 1);
  if (fd >= 0) close(fd);
  list[length > 0 ? length : 0] = 0;
  for (char *at = list, *next; *at != 0; at = next) {
    const long child = strtol(at, &next, 10);
    if (next == at) break;
    if (child > 1) kill((pid_t)child, SIGKILL); /* it cannot have been waited for: its parent stands still */
  }
  kill(pid, SIGKILL);
}

/* Its session weighs least among those of this machine, where the kernel weighs them. The runner in it may say so ten times a second only, we always. */
static void give_way(pid_t pid) {
  char path[64];
  if (getsid(pid) != pid) return;
  snprintf(path, sizeof path, "/proc/%d/autogroup", pid);
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return; /* no such kernel */
  dprintf(fd, "19");
  close(fd);
}

static void reap(void) {
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
    for (int i = 0; i < MAX_CHILDREN; i++) {
      if (children[i].pid != pid) continue;
      children[i].pid = 0;
      tell(children[i].id, (uint32_t)status);
    }
}

static int listen_at(const char *name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(name) >= sizeof address.sun_path) broken("the name of the socket is too long");
  strcpy(address.sun_path, name);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 64) != 0) broken("cannot listen");
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: spawner SOCKET\n");
    return 64;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_IGN);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, NULL);
  const int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK), listening = listen_at(argv[1]);
  if (signals < 0) broken("signalfd");
  tell(0, 0); /* it listens */
  for (;;) {
    struct pollfd on[3] = {{0, POLLIN, 0}, {signals, POLLIN, 0}, {listening, POLLIN, 0}};
    if (poll(on, 3, -1) < 0 && errno != EINTR) broken("poll");
    struct signalfd_siginfo told;
    if (on[1].revents != 0 && read(signals, &told, sizeof told) > 0) reap();
    if (on[2].revents != 0) {
      const int connection = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
      if (connection >= 0) {
        start(connection);
        close(connection);
      }
    }
    if (on[0].revents != 0) {
      uint32_t order[2];
      if (!read_whole(0, order, sizeof order)) return 0;
      for (int i = 0; i < MAX_CHILDREN; i++) {
        if (children[i].pid == 0 || children[i].id != order[1]) continue;
        if (order[0] == END) end_with_children(children[i].pid);
        if (order[0] == GIVE_WAY) give_way(children[i].pid);
      }
    }
  }
}
