/*
about: lists processes, connects to the host and reads files that are not its own
expect: AC
limits: { memoryMiB: 128, cpuMs: 3000 }
tests: [{ in: "@secret@ @port@ @pid@\n", out: "nothing\n" }]
*/
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;

public class Main {
  static int found = 0;
  interface Attempt { void run() throws Exception; }
  static void attempt(Attempt attempt) {
    try {
      attempt.run();
      found++;
    } catch (Throwable refused) {
      return;
    }
  }
  public static void main(String[] args) {
    Scanner in = new Scanner(System.in);
    String secret = in.next();
    int port = in.nextInt();
    long pid = in.nextLong();
    attempt(() -> Files.readString(Path.of(secret)));
    attempt(() -> Files.readString(Path.of("/etc/shadow")));
    attempt(() -> new Socket("127.0.0.1", port).close());
    attempt(() -> Files.writeString(Path.of("/etc/passwd"), "x"));
    if (pid != ProcessHandle.current().pid() && ProcessHandle.of(pid).isPresent()) found++;
    System.out.println(found == 0 ? "nothing" : "ESCAPED");
  }
}
