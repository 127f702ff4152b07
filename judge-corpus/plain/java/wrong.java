/*
about: says something else
expect: WA
limits: { memoryMiB: 128 }
tests: [{ out: "42\n" }]
*/
public class Main {
  public static void main(String[] args) { System.out.println(41); }
}
