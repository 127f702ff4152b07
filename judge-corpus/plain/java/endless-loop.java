/*
about: loops for ever
expect: TLE
limits: { memoryMiB: 128, cpuMs: 500 }
says: too much (CPU|elapsed) time
*/
public class Main {
  static volatile int n;
  public static void main(String[] args) {
    while (true) n++;
  }
}
