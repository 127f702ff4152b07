/*
about: counts for ever
expect: TLE
limits: { cpuMs: 60 }
cpuMs: [60, 250]
says: too much CPU time
*/
int main(void) {
  for (volatile long i = 0;; i++) continue;
}
