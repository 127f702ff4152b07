/*
about: "becomes root, another user or a member of a group, and takes capabilities"
expect: AC
tests: [{ out: "setuid refused\nsetresuid refused\nsetgid refused\ngroups refused\nanother user refused\ncapabilities refused\nambient refused\nkeeps them refused\n" }]
*/
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
static gid_t root;
static uid_t first;
static struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
static struct __user_cap_data_struct all[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};
__attribute__((constructor)) static void remember(void) { first = getuid(); }
/* A refusal is a matter of rights; any other failure means that the attempt got further than it should, or not as far as it wants. */
static void say(const char *what, long answer) {
  printf("%s %s\n", what, answer >= 0 ? "ESCAPED" : errno == EPERM || errno == ENOSYS || errno == EACCES ? "refused" : strerrorname_np(errno));
}
int main(void) {
  say("setuid", setuid(0));
  say("setresuid", setresuid(0, 0, 0));
  say("setgid", setgid(0));
  say("groups", setgroups(1, &root));
  say("another user", setresuid(60001, 60001, 60001) == 0 && getuid() != first ? 0 : (errno = EPERM, -1));
  say("capabilities", syscall(SYS_capset, &header, all));
  say("ambient", prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 21, 0, 0));
  say("keeps them", prctl(PR_SET_SECUREBITS, 1));
}
