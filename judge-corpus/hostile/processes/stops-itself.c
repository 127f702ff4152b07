/*
about: stops itself
expect: TLE
limits: { cpuMs: 50 }
says: elapsed time
*/
#include <signal.h>
int main(void) { raise(SIGSTOP); }
