/*
about: ends with exit code 3
expect: RE
limits: { memoryMiB: 128 }
tests: [{ out: "42\n" }]
says: exit code 3
*/
public class Main {
  public static void main(String[] args) {
    System.out.println(42);
    System.exit(3);
  }
}
