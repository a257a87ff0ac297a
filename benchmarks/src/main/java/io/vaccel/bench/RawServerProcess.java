package io.vaccel.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * {@link RawServer} in a process of its own.
 *
 * @param process the program
 * @param unix where it listens
 * @param tcp where it listens as well
 */
record RawServerProcess(ChildProcess process, SocketAddress unix, SocketAddress tcp)
    implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("^raw tcp (\\d+)$");
  private static final Duration START_TIME = Duration.ofSeconds(20);

  /** Starts one whose Unix socket is made in this directory. */
  static RawServerProcess start(Path directory) throws IOException, InterruptedException {
    Path unix = directory.resolve("raw.sock");
    ChildProcess process =
        ChildProcess.start(
            "raw server",
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RawServer.class.getName(),
                unix.toString()),
            Map.of());
    try {
      int port = Integer.parseInt(process.await(READY, START_TIME).group(1));
      return new RawServerProcess(
          process,
          UnixDomainSocketAddress.of(unix),
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException | InterruptedException e) {
      process.close();
      throw e;
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
