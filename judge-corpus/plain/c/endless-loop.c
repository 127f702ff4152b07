/*
about: counts for ever
expect: TLE
limits: { cpuMs: 200 }
cpuMs: [200, 450]
says: too much CPU time
*/
int main(void) {
  for (volatile long i = 0;; i++) continue;
}
