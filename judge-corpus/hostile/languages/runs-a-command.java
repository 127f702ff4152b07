/*
about: starts commands by Runtime.exec and reads what they say
expect: AC
limits: { memoryMiB: 128, cpuMs: 3000 }
tests: [{ in: "@secret@\n", out: "nothing\n" }]
*/
import java.util.Scanner;

public class Main {
  public static void main(String[] args) throws Exception {
    String secret = new Scanner(System.in).nextLine();
    StringBuilder said = new StringBuilder();
    for (String[] command : new String[][] {{"/bin/cat", secret}, {"/bin/cat", "/etc/shadow"}, {"/bin/ls", "/root"}}) {
      Process process = Runtime.getRuntime().exec(command);
      said.append(new String(process.getInputStream().readAllBytes()));
    }
    System.out.println(said.length() == 0 ? "nothing" : "ESCAPED");
  }
}
