/*
about: throws what nobody catches
expect: RE
limits: { memoryMiB: 128 }
says: ArrayIndexOutOfBounds
*/
public class Main {
  static final int[] numbers = new int[3];
  public static void main(String[] args) { System.out.println(numbers[5]); }
}
