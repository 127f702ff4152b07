/* What the parts of the runner share. README.md tells what it is for and describes the frames. */
#ifndef RUNNER_H
#define RUNNER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { BAD_USAGE = 64, BAD_FRAME = 65, BAD_SYSTEM = 71 }; /* the runner's own exit codes */
enum {
  PROTOCOL = 4,
  MAX_PAYLOAD = 1 << 18, /* of a frame that comes in */
  MAX_CHUNK = 1 << 16,   /* of a frame that goes out */
  MAX_NAME = 100,        /* of a file in the build folder */
};

/* runner.c */
_Noreturn void die(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
_Noreturn void broken(const char *what); /* with errno */
_Noreturn void leave(int code);          /* kills whoever is left, removes control groups */
uint64_t now_us(void);                   /* monotonic */

/* frames.c: words in and out */
struct frame {
  unsigned char type;
  const unsigned char *content; /* valid until the next frame is read */
  size_t length;
};
struct cursor {
  const unsigned char *at, *end;
};
/* Frames that come in lie in memory that later children share. During a run only the first 8 bytes of it are written anew. */
void share_frames(void);
struct frame read_frame(void);   /* waits; does not return when there is none any more, or no whole one */
bool frame_is_here(void);        /* without reading: some of the next frame has been read already */
void queue_frame(unsigned char type, const void *content, size_t length);
void send_queued(void);
void answer(uint32_t code, const char *text);
_Noreturn void fault(const char *step, int error); /* tells the worker, then ends */
void put32(unsigned char *at, uint32_t value);
void put64(unsigned char *at, uint64_t value);
/* What is missing or malformed ends the runner. */
uint32_t take32(struct cursor *from);
uint64_t take64(struct cursor *from); /* at most INT64_MAX / 2 */
const char *take_string(struct cursor *from);
const char *take_name(struct cursor *from); /* a plain file name */

/* joint.c: a run that talks with a run of another box, each one's stdout being the other's stdin */
void join_boxes(struct cursor from);       /* opens this box's ends; they are for the next run and no other */
bool are_joined(void);
bool send_ends(int socket, bool joined);   /* wakes the process that waits at the other end, with what becomes its 0 and 1; keeps none of them. False with errno */
bool receive_ends(int socket, int ends[2]); /* by that process: waits; false when nobody is there any more. Negative: not joined */
void let_go_when_idle(uint64_t cpu_us);    /* now and then, during the run */
bool other_had_left(void);                 /* once, as soon as the run's program has ended: had the other closed its stdout before? */

/* account.c: what a run may have and what it had */
struct usage {
  uint64_t cpu_us;
  uint64_t sampled_bytes; /* anonymous and shared memory of the tree, the highest of all samples */
  uint64_t kernel_bytes;  /* what the kernel kept for it beyond what is free (page tables, buffers of sockets), the highest; 0 where its group bounds that */
  uint64_t oom_kills, limit_hits;
};
void account_by_groups(const char *const folders[], int count);
void account_by_container(void);
bool bounds_processes(void);     /* else the user's own limit must */
bool bounds_memory(void);        /* else whoever looks at it must */
void prepare_account(void);      /* ahead of a run; faults when it cannot */
pid_t fork_accounted(void);      /* like fork; the child calls join_account */
bool join_account(void);
void begin_account(uint64_t memory_bytes, uint32_t processes); /* from here on it counts */
void sample_account(void);       /* looks at the memory; what it saw is in the next usage */
struct usage usage_so_far(void);
uint64_t longest_wait_us(void);  /* of all tasks but us: how long one was ready to run and others had the core */
uint64_t written_bytes(void);    /* by us and by all whom we have waited for, ever; 0 where the kernel does not count it */
void end_account(void);          /* no process of the run is left; ready for prepare_account */
void discard_account(void);      /* before the runner leaves, when nobody else is left */

/* folders.c: what lies in the box */
extern const char *const build_folder, *const test_folder;
void open_folders(uid_t tests, uid_t builds);
bool become(uid_t uid);
void show_build(void);
bool tidy(bool keeps); /* after a run, when no process of its user is alive; false when something could not be removed */
void put_file(struct cursor first);
void take_file(struct cursor from);
void list_files(void);
/* Inputs are held in memory of ours, so that they are charged to no run. The process that will read one is there before it is. */
void prepare_input(void);                           /* before that process is made */
void add_input(const void *content, size_t length); /* nothing: a new one begins */
int seal_input(void);                               /* which one; nobody can change it any more */
int open_input(int which);                          /* by that process: for reading, from its beginning; negative when it cannot */
#endif
