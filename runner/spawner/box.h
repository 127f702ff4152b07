/* A box made by the spawner itself. box.c tells how. */
#ifndef BOX_H
#define BOX_H
#include <stdbool.h>
#include <sys/types.h>

/* Like fork, but the child is the first process of namespaces of its own: processes, mounts, network, IPC, host name, and control groups where asked. */
pid_t fork_into_box(bool hides_groups);
/*
 * In that child: from the view (a mounted folder of this machine, all that a box shares with others) and the binds (pairs: a folder of this machine,
 * its place in the view) it makes the box's file system, gives up all rights but a runner's and becomes the runner that lies in it. What fails is told on stderr.
 */
_Noreturn void become_runner(const char *view, char *const binds[], int count);
#endif
