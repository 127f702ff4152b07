/*
about: says the same for ever
expect: OLE
limits: { memoryMiB: 128, outputKiB: 256, cpuMs: 3000 }
*/
public class Main {
  public static void main(String[] args) {
    while (true) System.out.println("all work and no play makes Jack a dull boy");
  }
}
