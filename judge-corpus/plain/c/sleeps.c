/*
about: sleeps, which the wall clock ends
expect: TLE
limits: { cpuMs: 50 }
cpuMs: [0, 40]
wallMs: [1000, 4000]
says: elapsed time
*/
#include <unistd.h>
int main(void) { sleep(60); }
