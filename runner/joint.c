/*
 * Two programs in two boxes, each one's stdout being the other's stdin, and nothing of ours between them. The boxes share one folder that only root may enter.
 * For each talk one runner makes two FIFOs in it, under names that the worker has thrown dice for, and both open their ends; then the names are removed. A
 * program gets its two ends as 0 and 1, sent to the process that waits for it; its runner keeps none of them. So when the program and all it has started
 * are gone, its ends are closed; and with the last end the FIFO itself is gone, for it has no name: nothing of it is left for the next talk.
 *
 *   the one who makes   holds both FIFOs open for both directions until its own run begins, so that nobody waits in open(): the other has opened by then
 *   the one who joins   judges the other. It also keeps
 *     watch             a second reader of what the other says, which is never read: it tells whether the other's end was still open when our
 *                       program ended, that is, which of the two was first
 *     hold              a second writer of what our program says: until that question has been answered the other cannot hear of our program's end, and so
 *                       cannot have ended because of it. Who closes its stdout long before it ends shall be heard, too: `hold` goes when nothing happens
 */
#define _GNU_SOURCE
#include "runner.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAKES = 0, JOINS = 1 };
enum { IDLE_US = 1000000, IDLE_CPU_US = 20000 }; /* a program that had so little of a core in a second waits for the other */

static int in = -1, out = -1;             /* what becomes 0 and 1 */
static int kept[2] = {-1, -1};            /* of the one who makes */
static int watch_end = -1, hold_end = -1; /* of the one who joins */
static uint64_t looked_us, looked_cpu_us;

static void close_end(int *end) {
  if (*end >= 0) close(*end);
  *end = -1;
}
static void close_ends(void) {
  close_end(&in);
  close_end(&out);
  for (int i = 0; i < 2; i++) close_end(&kept[i]);
}
/* Never waits. */
static int open_end(const char *path, int how) {
  struct stat found;
  const int fd = open(path, how | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || (fstat(fd, &found) == 0 && S_ISFIFO(found.st_mode))) return fd;
  close(fd);
  errno = EINVAL;
  return -1;
}
/* All may open their own descriptors anew (/dev/stdin), as they may with pipes; to no other end is there a way. */
static bool make(const char *path, int *keeper) {
  return mkfifo(path, 0600) == 0 && (*keeper = open_end(path, O_RDWR)) >= 0 && fchmod(*keeper, 0666) == 0;
}
static bool open_ends(uint32_t kind, const char *from, const char *to) {
  if (kind == MAKES && (!make(from, &kept[0]) || !make(to, &kept[1]))) return false;
  if ((in = open_end(from, O_RDONLY)) < 0 || (out = open_end(to, O_WRONLY)) < 0) return false;
  if (kind == JOINS && ((watch_end = open_end(from, O_RDONLY)) < 0 || (hold_end = open_end(to, O_WRONLY)) < 0)) return false;
  if (kind == JOINS && (unlink(from) != 0 || unlink(to) != 0)) return false;
  return fcntl(in, F_SETFL, 0) == 0 && fcntl(out, F_SETFL, 0) == 0; /* the program waits */
}

/* u32 kind, the path of what it reads, the path of what it writes. */
void join_boxes(struct cursor from) {
  const uint32_t kind = take32(&from);
  const char *const reads = take_string(&from);
  const char *const writes = take_string(&from);
  if (kind > JOINS || from.at != from.end) die(BAD_FRAME, "a joint that is none");
  close_ends(); /* of a talk that never began */
  close_end(&watch_end);
  close_end(&hold_end);
  if (open_ends(kind, reads, writes)) return answer(0, "");
  const int error = errno;
  close_ends();
  answer(2, strerror(error));
}
bool are_joined(void) { return in >= 0 && out >= 0; }

bool send_ends(int socket, bool joined) {
  const int ends[2] = {in, out};
  union {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof ends)];
  } control = {0};
  struct iovec go = {(char[]){0}, 1};
  struct msghdr message = {.msg_iov = &go, .msg_iovlen = 1};
  if (joined) {
    message.msg_control = control.room;
    message.msg_controllen = sizeof control.room;
    control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof ends), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), ends, sizeof ends);
    looked_us = now_us();
    looked_cpu_us = 0;
  }
  const ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  const int error = errno;
  close_ends();
  errno = error;
  return sent == 1;
}
bool receive_ends(int socket, int ends[2]) {
  union {
    struct cmsghdr header;
    char room[CMSG_SPACE(2 * sizeof ends[0])];
  } control;
  char go;
  struct iovec at = {&go, 1};
  struct msghdr message = {.msg_iov = &at, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
  ends[0] = ends[1] = -1;
  if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1) return false;
  const struct cmsghdr *const header = CMSG_FIRSTHDR(&message);
  if (header != NULL && header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(2 * sizeof ends[0])) memcpy(ends, CMSG_DATA(header), 2 * sizeof ends[0]);
  return true;
}

void let_go_when_idle(uint64_t cpu_us) {
  if (hold_end < 0 || now_us() - looked_us < IDLE_US) return;
  if (cpu_us - looked_cpu_us < IDLE_CPU_US) close_end(&hold_end);
  looked_us = now_us();
  looked_cpu_us = cpu_us;
}
bool other_had_left(void) {
  struct pollfd other = {watch_end, 0, 0};
  const bool left = watch_end >= 0 && poll(&other, 1, 0) == 1 && (other.revents & POLLHUP) != 0;
  close_end(&watch_end);
  close_end(&hold_end);
  return left;
}
