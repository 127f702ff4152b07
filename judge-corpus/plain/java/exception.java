/*
about: throws what nobody catches
expect: RE
limits: { memoryMiB: 128 }
says: ArrayIndexOutOfBounds
*/
public class Main {
  public static void main(String[] args) { System.out.println(new int[3][0][5]); }
}
