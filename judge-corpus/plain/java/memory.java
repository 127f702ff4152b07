/*
about: a list that grows for ever
expect: MLE
limits: { memoryMiB: 64, cpuMs: 3000 }
*/
import java.util.ArrayList;

public class Main {
  public static void main(String[] args) {
    ArrayList<byte[]> hoard = new ArrayList<>();
    while (true) hoard.add(new byte[1 << 20]);
  }
}
