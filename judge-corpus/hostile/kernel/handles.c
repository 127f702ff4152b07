/*
about: "opens files by handle, past every path"
expect: AC
tests: [{ out: "a handle for a name refused\na name for a handle refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <fcntl.h>
static struct { struct file_handle head; char room[128]; } handle = {.head = {.handle_bytes = 128}};
static int mount;
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("a handle for a name", name_to_handle_at(AT_FDCWD, "/", &handle.head, &mount, 0));
  say("a name for a handle", open_by_handle_at(AT_FDCWD, &handle.head, O_RDONLY));
}
