/*
about: adds up in four threads
expect: AC
limits: { memoryMiB: 128 }
tests: [{ out: "4000\n" }]
*/
import java.util.concurrent.atomic.AtomicInteger;

public class Main {
  public static void main(String[] args) throws InterruptedException {
    AtomicInteger sum = new AtomicInteger();
    Thread[] threads = new Thread[4];
    for (int i = 0; i < 4; i++) {
      threads[i] = new Thread(() -> { for (int j = 0; j < 1000; j++) sum.incrementAndGet(); });
      threads[i].start();
    }
    for (Thread thread : threads) thread.join();
    System.out.println(sum);
  }
}
