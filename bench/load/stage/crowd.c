/*
 * A crowd of WebSocket clients in one small process, so that ten thousand of them weigh little on the cores that they share with what is measured.
 *
 *   crowd HOST PORT COUNT ADDRESSES TOKENS CHANNEL
 *
 * Clients come from ADDRESSES source addresses (127.0.0.2 and on), say a token of the file TOKENS (one a line) each, subscribe to CHANNEL, and answer
 * pings. Who is refused or cut off comes again as the page does: after a random share of half a second, doubled each time. Orders on stdin, a line each:
 *
 *   enter       all come, each at a random moment of the next half second
 *   deafen N    the first N read no more
 *   leave       all are cut off at once
 *
 * Says lines of JSON: {"ready":…} when all have subscribed (ms since the order, how many tries were refused, CPU ms so far); {"revision":…} when all that
 * listen have a board push of that revision (ms of CLOCK_MONOTONIC: first, median, 99th percentile, last); {"lost":…} when the server ended a connection.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { OUT, WAITING, CONNECTING, UPGRADING, GREETING, SUBSCRIBING, READY };
enum { ROOM = 16384, TOKEN = 1024, REVISIONS = 64, EVENTS = 512 };

typedef struct {
  int fd, state, tries, held, deaf;
  double at; /* when a waiting one comes */
  char *bytes; /* a frame that has come in part */
} Client;
typedef struct {
  long number;
  int count;
  double *at;
} Revision;

static struct sockaddr_in server;
static Client *clients;
static Revision revisions[REVISIONS];
static char (*tokens)[TOKEN], host[64], channel[128];
static int count, addresses, tokenCount, poller, ready, listening, refused, isEntering;
static double orderedAt;

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}
static double cpu_ms(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}
static double chance(void) { return rand() / (RAND_MAX + 1.0); }
static void die(const char *what) {
  perror(what);
  exit(70);
}

static void come_later(Client *client) {
  const int doublings = client->tries < 6 ? client->tries : 6;
  client->at = now_ms() + chance() * (500 << doublings);
  client->tries++;
  client->state = WAITING;
}

static void drop(Client *client) {
  if (client->state == READY) ready--;
  if (client->fd >= 0) close(client->fd);
  client->fd = -1;
  client->held = 0;
  client->state = OUT;
}

static void lost(Client *client) {
  const int was = client->state;
  drop(client);
  if (was == READY) printf("{\"lost\":%ld}\n", (long)(client - clients)), fflush(stdout);
  else refused++;
  if (!client->deaf) come_later(client);
}

static void connect_client(Client *client) {
  const int index = client - clients, on = 1;
  struct sockaddr_in from = { .sin_family = AF_INET };
  from.sin_addr.s_addr = htonl(0x7f000002u + index % addresses);
  client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (client->fd < 0) die("socket");
  setsockopt(client->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (bind(client->fd, (struct sockaddr *)&from, sizeof from) < 0) die("bind");
  client->state = CONNECTING;
  if (connect(client->fd, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS) return lost(client);
  struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = client };
  if (epoll_ctl(poller, EPOLL_CTL_ADD, client->fd, &event) < 0) die("epoll_ctl");
}

/* Client frames are masked; a mask of zeroes leaves the bytes as they are. */
static void say(Client *client, int opcode, const char *text, size_t size) {
  char frame[TOKEN + 256] = { (char)(0x80 | opcode) };
  size_t head = 2;
  if (size < 126) frame[1] = (char)(0x80 | size);
  else frame[1] = (char)(0x80 | 126), frame[2] = (char)(size >> 8), frame[3] = (char)size, head = 4;
  head += 4;
  memcpy(frame + head, text, size);
  if (send(client->fd, frame, head + size, MSG_NOSIGNAL) < 0) lost(client);
}

static void ask_upgrade(Client *client) {
  char request[512];
  const int size = snprintf(request, sizeof request,
    "GET /api/ws HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", host);
  client->state = UPGRADING;
  if (send(client->fd, request, size, MSG_NOSIGNAL) < 0) lost(client);
}

static int by_value(const void *a, const void *b) {
  const double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

static void hear_push(long number) {
  Revision *revision = &revisions[number % REVISIONS];
  if (revision->number != number) {
    revision->number = number;
    revision->count = 0;
  }
  revision->at[revision->count++] = now_ms();
  if (revision->count != listening) return;
  double *at = revision->at;
  qsort(at, listening, sizeof *at, by_value);
  printf("{\"revision\":%ld,\"first\":%.3f,\"p50\":%.3f,\"p99\":%.3f,\"last\":%.3f}\n", number, at[0], at[listening / 2], at[listening * 99 / 100], at[listening - 1]);
  fflush(stdout);
}

static int says(const char *text, size_t size, const char *what) { return memmem(text, size, what, strlen(what)) != NULL; }

static void hear(Client *client, int opcode, const char *text, size_t size) {
  if (opcode == 9) return say(client, 10, text, size);
  if (opcode == 8) return lost(client);
  if (says(text, size, "\"type\":\"leaderboard.changed\"")) {
    const char *number = memmem(text, size, "\"revision\":", 11);
    if (number) hear_push(atol(number + 11));
  } else if (client->state == GREETING && says(text, size, "\"type\":\"ready\"")) {
    char message[256];
    client->state = SUBSCRIBING;
    say(client, 1, message, snprintf(message, sizeof message, "{\"type\":\"subscribe\",\"channel\":\"%s\"}", channel));
  } else if (client->state == SUBSCRIBING && says(text, size, "\"type\":\"subscribed\"")) {
    client->state = READY;
    client->tries = 0;
    ready++;
  }
}

static void greet(Client *client) {
  char message[TOKEN + 64];
  client->state = GREETING;
  say(client, 1, message, snprintf(message, sizeof message, "{\"type\":\"auth\",\"token\":\"%s\"}", tokens[(client - clients) % tokenCount]));
}

/* What is whole among `bytes` is dealt with. @returns how much that was; less than nothing: the connection is over. */
static long take(Client *client, char *bytes, size_t size) {
  size_t at = 0;
  if (client->state == UPGRADING) {
    const char *end = memmem(bytes, size, "\r\n\r\n", 4);
    if (!end) return 0;
    if (strncmp(bytes, "HTTP/1.1 101", 12) != 0) return -1;
    at = end + 4 - bytes;
    greet(client);
  }
  while (client->fd >= 0 && size - at >= 2) {
    size_t head = 2, length = bytes[at + 1] & 127;
    if (length == 127) return -1; /* nothing here is so long */
    if (length == 126) {
      if (size - at < 4) break;
      head = 4;
      length = (unsigned char)bytes[at + 2] << 8 | (unsigned char)bytes[at + 3];
    }
    if (size - at < head + length) break;
    hear(client, bytes[at] & 15, bytes + at + head, length);
    at += head + length;
  }
  return (long)at;
}

static void receive(Client *client) {
  static char bytes[ROOM * 2];
  while (client->fd >= 0 && !client->deaf) {
    if (client->held) memcpy(bytes, client->bytes, client->held);
    const ssize_t got = recv(client->fd, bytes + client->held, ROOM, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return lost(client);
    const size_t size = client->held + got;
    const long taken = take(client, bytes, size);
    if (client->fd < 0) return;
    if (taken < 0 || size - taken > ROOM) return lost(client);
    client->held = (int)(size - taken);
    if (client->held) {
      if (!client->bytes && !(client->bytes = malloc(ROOM))) die("malloc");
      memcpy(client->bytes, bytes + taken, client->held);
    }
  }
}

static void obey(const char *order) {
  if (strncmp(order, "enter", 5) == 0) {
    orderedAt = now_ms();
    refused = 0;
    isEntering = 1;
    for (int n = 0; n < count; n++) {
      clients[n].tries = 0;
      come_later(&clients[n]);
    }
  } else if (strncmp(order, "leave", 5) == 0) {
    for (int n = 0; n < count; n++) drop(&clients[n]);
  } else if (strncmp(order, "deafen", 6) == 0) {
    const int deaf = atoi(order + 6);
    for (int n = 0; n < deaf; n++) clients[n].deaf = 1;
    listening = count - deaf;
  }
}

static void hear_orders(void) {
  static char line[256];
  static size_t held;
  const ssize_t got = read(0, line + held, sizeof line - 1 - held);
  if (got <= 0) exit(0);
  line[held += got] = 0;
  for (char *end; (end = strchr(line, '\n'));) {
    *end = 0;
    obey(line);
    held -= end + 1 - line;
    memmove(line, end + 1, held + 1);
  }
}

static void come(void) {
  const double now = now_ms();
  for (int n = 0; n < count; n++)
    if (clients[n].state == WAITING && clients[n].at <= now) connect_client(&clients[n]);
  if (!isEntering || ready < count) return;
  isEntering = 0;
  printf("{\"ready\":%d,\"ms\":%.1f,\"refused\":%d,\"cpuMs\":%.0f}\n", ready, now - orderedAt, refused, cpu_ms());
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc != 7) return 64;
  snprintf(host, sizeof host, "%s:%s", argv[1], argv[2]);
  server = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(atoi(argv[2])) };
  inet_pton(AF_INET, argv[1], &server.sin_addr);
  count = listening = atoi(argv[3]);
  addresses = atoi(argv[4]);
  snprintf(channel, sizeof channel, "%s", argv[6]);
  clients = calloc(count, sizeof *clients);
  tokens = calloc(count, sizeof *tokens);
  FILE *file = fopen(argv[5], "r");
  if (!clients || !tokens || !file) die("start");
  for (; tokenCount < count && fgets(tokens[tokenCount], TOKEN, file); tokenCount++) tokens[tokenCount][strcspn(tokens[tokenCount], "\n")] = 0;
  for (int n = 0; n < count; n++) clients[n].fd = -1;
  for (int n = 0; n < REVISIONS; n++) revisions[n].at = calloc(count, sizeof(double));
  poller = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event orders = { .events = EPOLLIN, .data.ptr = NULL }, events[EVENTS];
  epoll_ctl(poller, EPOLL_CTL_ADD, 0, &orders);
  for (;;) {
    const int got = epoll_wait(poller, events, EVENTS, isEntering ? 5 : 100);
    for (int n = 0; n < got; n++) {
      Client *client = events[n].data.ptr;
      if (!client) hear_orders();
      else if (client->fd < 0) continue;
      else if (client->state == CONNECTING && events[n].events & EPOLLOUT && !(events[n].events & (EPOLLERR | EPOLLHUP))) ask_upgrade(client);
      else if (events[n].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) receive(client);
    }
    come();
  }
}
