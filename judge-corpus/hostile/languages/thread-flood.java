/*
about: starts threads for ever; only where it may have 5,000 of them does it end with exit code 7
expect: [AC, WA, MLE, TLE]
limits: { memoryMiB: 128, cpuMs: 2000 }
tests: [{ out: "bounded\n" }]
*/
public class Main {
  public static void main(String[] args) {
    int threads = 0;
    try {
      for (; threads < 5000; threads++) {
        Thread thread = new Thread(() -> { try { Thread.sleep(100000); } catch (InterruptedException stopped) { return; } });
        thread.setDaemon(true);
        thread.start();
      }
    } catch (OutOfMemoryError refused) {
      System.out.println("bounded");
      System.out.flush();
      Runtime.getRuntime().halt(0);
    }
    Runtime.getRuntime().halt(7);
  }
}
