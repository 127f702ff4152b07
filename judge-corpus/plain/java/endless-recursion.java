/*
about: recurses for ever
expect: [RE, MLE]
limits: { memoryMiB: 128, cpuMs: 3000 }
*/
public class Main {
  static int down(int n) { return down(n + 1) + 1; }
  public static void main(String[] args) { System.out.println(down(0)); }
}
