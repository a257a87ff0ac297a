package io.vaccel.bench;

import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The host agent, as it is installed, in a process of its own.
 *
 * @param process the program
 * @param unix where it listens
 * @param tcp where it listens as well
 */
record AgentProcess(ChildProcess process, Endpoint unix, Endpoint tcp) implements AutoCloseable {
  private static final Pattern TCP_LISTENER = Pattern.compile("listening endpoint=(tcp:\\S+)");
  private static final Pattern READY = Pattern.compile("\\bready\\b");
  private static final Duration START_TIME = Duration.ofSeconds(60);

  /**
   * Starts one.
   *
   * @param program the script {@code vaccel-agent}
   * @param directory for its Unix socket and its state; short, as paths of sockets must be
   */
  static AgentProcess start(Path program, Path directory) throws IOException, InterruptedException {
    Endpoint unix = Endpoint.parse("unix:" + directory.resolve("agent.sock"));
    ChildProcess process =
        ChildProcess.start(
            "agent",
            List.of(
                program.toString(),
                "--listen",
                unix.toString(),
                "--listen",
                "tcp:127.0.0.1:0",
                "--state",
                directory.resolve("state").toString()),
            Map.of());
    try {
      process.await(READY, START_TIME);
      Endpoint tcp = Endpoint.parse(process.await(TCP_LISTENER, START_TIME).group(1));
      return new AgentProcess(process, unix, tcp);
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
