/*
about: adds two numbers, in a class named Main
expect: AC
limits: { memoryMiB: 128 }
tests: [{ in: "1 2\n", out: "3\n" }]
*/
import java.util.Scanner;

public class Main {
  public static void main(String[] args) {
    Scanner in = new Scanner(System.in);
    System.out.println(in.nextLong() + in.nextLong());
  }
}
