/*
about: takes memory that is not of the heap, and touches it
expect: [MLE, RE]
limits: { memoryMiB: 64, cpuMs: 3000 }
*/
import java.nio.ByteBuffer;
import java.util.ArrayList;

public class Main {
  public static void main(String[] args) {
    ArrayList<ByteBuffer> hoard = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
      for (int at = 0; at < 1 << 20; at += 4096) buffer.put(at, (byte) 1);
      hoard.add(buffer);
    }
    System.exit(3);
  }
}
