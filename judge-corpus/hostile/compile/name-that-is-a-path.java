/*
about: hides in comments, strings and escapes a class name that would lead the judge's file elsewhere
expect: AC
limits: { memoryMiB: 128 }
tests: [{ out: "42\n" }]
*/
// public class ../../etc/passwd {
class Text {
  static final String TEXT = "public class /tmp/Escape { public static void main(String[] args) {} }";
  /* public class Wrong { */
}

\u0070ublic class Right {
  public static void main(String[] args) { System.out.println(42); }
}
