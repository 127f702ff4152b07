/* Words in and out: `u32` length of the payload, `u8` type, three zeros, payload; all numbers little-endian. */
#define _GNU_SOURCE
#include "runner.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HEADER = 8, OUT_ROOM = 3 * (MAX_CHUNK + HEADER) };

static unsigned char *in, out[OUT_ROOM];
static const size_t in_room = HEADER + MAX_PAYLOAD;
static size_t in_from, in_to, out_length;

void share_frames(void) {
  in = mmap(NULL, in_room, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (in == MAP_FAILED) broken("mmap");
}

static uint32_t get32(const unsigned char *at) { return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24; }
void put32(unsigned char *at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = (unsigned char)(value >> (8 * i));
}
void put64(unsigned char *at, uint64_t value) {
  put32(at, (uint32_t)value);
  put32(at + 4, (uint32_t)(value >> 32));
}

/* Until at least `length` bytes are here; as many as come are taken, so that frames sent together cost one call. */
static void need(size_t length) {
  if (in_from > 0 && in_from + length > in_room) {
    memmove(in, in + in_from, in_to - in_from);
    in_to -= in_from;
    in_from = 0;
  }
  while (in_to - in_from < length) {
    const ssize_t got = read(0, in + in_to, in_room - in_to);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) broken("read");
    if (got == 0) leave(in_to == in_from ? 0 : BAD_FRAME); /* the worker closed the box, or died */
    in_to += (size_t)got;
  }
}
bool frame_is_here(void) { return in_to > in_from; }

struct frame read_frame(void) {
  if (in_from == in_to) in_from = in_to = 0;
  need(HEADER);
  const unsigned char *header = in + in_from;
  const size_t length = get32(header);
  if (length > MAX_PAYLOAD || header[5] != 0 || header[6] != 0 || header[7] != 0) die(BAD_FRAME, "no frame of ours");
  need(HEADER + length);
  const struct frame frame = {in[in_from + 4], in + in_from + HEADER, length};
  in_from += HEADER + length;
  return frame;
}

void send_queued(void) {
  for (size_t sent = 0; sent < out_length;) {
    const ssize_t wrote = write(1, out + sent, out_length - sent);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) leave(0); /* the worker is gone */
    sent += (size_t)wrote;
  }
  out_length = 0;
}
void queue_frame(unsigned char type, const void *content, size_t length) {
  if (out_length + HEADER + length > sizeof out) send_queued();
  unsigned char *const header = out + out_length;
  memset(header, 0, HEADER);
  put32(header, (uint32_t)length);
  header[4] = type;
  if (length > 0) memcpy(header + HEADER, content, length);
  out_length += HEADER + length;
}
void answer(uint32_t code, const char *text) {
  unsigned char content[4 + 256];
  size_t length = strlen(text);
  if (length > sizeof content - 4) length = sizeof content - 4;
  put32(content, code);
  memcpy(content + 4, text, length);
  queue_frame('A', content, 4 + length);
  send_queued();
}
_Noreturn void fault(const char *step, int error) {
  char text[256];
  const int length = error == 0 ? snprintf(text, sizeof text, "%s", step) : snprintf(text, sizeof text, "%s: %s", step, strerror(error));
  queue_frame('F', text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
  send_queued();
  leave(BAD_SYSTEM);
}

static const unsigned char *take(struct cursor *from, size_t length) {
  if ((size_t)(from->end - from->at) < length) die(BAD_FRAME, "a frame that is too short");
  const unsigned char *const at = from->at;
  from->at += length;
  return at;
}
uint32_t take32(struct cursor *from) { return get32(take(from, 4)); }
uint64_t take64(struct cursor *from) {
  const unsigned char *const at = take(from, 8);
  const uint64_t value = get32(at) | (uint64_t)get32(at + 4) << 32;
  if (value > INT64_MAX / 2) die(BAD_FRAME, "a number that is none");
  return value;
}
const char *take_string(struct cursor *from) {
  const char *const string = (const char *)from->at;
  const unsigned char *const zero = from->at == from->end ? NULL : memchr(from->at, 0, (size_t)(from->end - from->at));
  if (zero == NULL) die(BAD_FRAME, "a string without an end");
  from->at = zero + 1;
  return string;
}
const char *take_name(struct cursor *from) {
  const char *const name = take_string(from);
  const size_t length = strlen(name);
  if (length == 0 || length > MAX_NAME || name[0] == '.' || strchr(name, '/') != NULL) die(BAD_FRAME, "a name that is none");
  return name;
}
