/*
about: lacks a semicolon
expect: CE
says: "error: ';' expected"
*/
public class Main {
  public static void main(String[] args) { System.out.println(41) }
}
