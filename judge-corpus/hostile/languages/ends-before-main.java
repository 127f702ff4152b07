/*
about: ends well in a static initialiser, before main could say anything
expect: WA
limits: { memoryMiB: 128 }
tests: [{ out: "42\n" }]
*/
public class Main {
  static {
    System.exit(0);
  }
  public static void main(String[] args) { System.out.println(42); }
}
