package io.vaccel.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract between two processes, over a Unix socket; {@link AcrossMachinesIT} in little. */
class AcrossProcessesIT extends TransportContract {
  @TempDir private static Path place;
  private static Process server;

  @BeforeAll
  static void startServer() throws IOException {
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ContractServer.class.getName(),
                control().toString(),
                dial().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      if (line == null || !line.startsWith("ready")) {
        throw new AssertionError("the contract server did not start: " + line);
      }
    }
  }

  @AfterAll
  static void stopServer() {
    server.destroyForcibly();
  }

  private static Endpoint control() {
    return new Endpoint.Unix(place.resolve("control.sock").toString());
  }

  private static Endpoint dial() {
    return new Endpoint.Unix(place.resolve("s.sock").toString());
  }

  @Override
  TransportUnderTest open(Path folder) throws Exception {
    long uid = ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
    return RemoteServers.transport(control(), dial(), owner -> owner.equals("unix:" + uid));
  }

  @Override
  int cycles() {
    return 200;
  }
}
