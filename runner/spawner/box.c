/*
 * What bubblewrap would do for a box, in a twentieth of the CPU: it reads and sorts the machine's list of mounts for each of a dozen binds. Here all
 * that boxes have in common has been mounted once, read-only, in one folder (lib/adapters/sandbox-native/view.ts); a box binds that folder as a whole, and
 * in it what is its own.
 */
#define _GNU_SOURCE
#include "box.h"
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const unsigned long harmless = MS_NOSUID | MS_NODEV;
/* Of the process, where root of a machine could do harm though it has no rights. */
static const char *const covered[] = {"proc/sys", "proc/sysrq-trigger", "proc/irq", "proc/bus"};
static const int kept_rights[] = {CAP_SETUID, CAP_SETGID, CAP_SETPCAP, CAP_KILL};

static _Noreturn void cannot(const char *step) {
  dprintf(2, "a box cannot be made: %s: %s\n", step, strerror(errno));
  _exit(126);
}

pid_t fork_into_box(bool hides_groups) {
  const unsigned long spaces = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
  return (pid_t)syscall(SYS_clone, spaces | (hides_groups ? CLONE_NEWCGROUP : 0) | SIGCHLD, NULL, NULL, NULL, NULL);
}

static void mount_at(const char *from, const char *at, unsigned long flags) {
  if (mount(from, at, NULL, flags, NULL) != 0) cannot(at);
}
static void bind(const char *from, const char *at, unsigned long flags) {
  mount_at(from, at, MS_BIND);
  mount_at(NULL, at, MS_BIND | MS_REMOUNT | flags);
}

static void make_root(const char *view, char *const binds[], int count) {
  mount_at(NULL, "/", MS_PRIVATE | MS_REC); /* nothing of what follows is seen outside */
  mount_at(view, view, MS_BIND | MS_REC);
  if (chdir(view) != 0) cannot(view);
  for (int i = 0; i + 1 < count; i += 2) bind(binds[i], binds[i + 1], harmless);
  if (mount("proc", "proc", "proc", harmless | MS_NOEXEC, NULL) != 0) cannot("proc");
  for (size_t i = 0; i < sizeof covered / sizeof covered[0]; i++)
    if (access(covered[i], F_OK) == 0) bind(covered[i], covered[i], harmless | MS_NOEXEC | MS_RDONLY);
  if (syscall(SYS_pivot_root, ".", ".") != 0) cannot("pivot_root");
  if (umount2(".", MNT_DETACH) != 0) cannot("the machine's own root"); /* it lies over the new one */
  if (chdir("/") != 0) cannot("/");
}

static bool is_kept(int right) {
  for (size_t i = 0; i < sizeof kept_rights / sizeof kept_rights[0]; i++)
    if (kept_rights[i] == right) return true;
  return false;
}
/* Root's program gets what is in the bounding set, and no more. */
static void keep_few_rights(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct rights[2] = {{0, 0, 0}, {0, 0, 0}};
  for (int right = 0; right < 64; right++) {
    if (is_kept(right)) rights[right / 32].permitted |= 1U << right % 32;
    else if (prctl(PR_CAPBSET_READ, right, 0, 0, 0) == 1 && prctl(PR_CAPBSET_DROP, right, 0, 0, 0) != 0) cannot("the bounding set");
  }
  for (int i = 0; i < 2; i++) rights[i].effective = rights[i].permitted;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) cannot("no new privileges");
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) cannot("the ambient set");
  if (syscall(SYS_capset, &header, rights) != 0) cannot("the rights");
}

_Noreturn void become_runner(const char *view, char *const binds[], int count) {
  char *const argv[] = {"/runner/runner", NULL};
  prctl(PR_SET_PDEATHSIG, SIGKILL); /* outlasts exec; the runner asks for it again */
  if (sethostname("box", 3) != 0) cannot("the host name");
  make_root(view, binds, count);
  keep_few_rights();
  execv(argv[0], argv);
  cannot(argv[0]);
}
