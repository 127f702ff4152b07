/*
about: has its main in a class of another name, with a helper before it
expect: AC
limits: { memoryMiB: 128 }
tests: [{ out: "42\n" }]
*/
class Helper {
  static int answer() { return 42; }
}

public class SolutionOfMine {
  public static void main(String[] args) { System.out.println(Helper.answer()); }
}
