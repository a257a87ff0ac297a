package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.transport.Endpoint;
import io.vaccel.transport.Wedge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent finds out by itself that nobody reaches a listener, and listens anew. */
class WatchdogIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;

  private Path configuration() throws IOException {
    return Files.writeString(
        directory.resolve("agent.yaml"),
        """
        watchdog: 100ms
        listeners:
          - endpoint: unix:%s
        """
            .formatted(socket()));
  }

  private Path socket() {
    return directory.resolve("watched.sock");
  }

  /** Empty while no socket lies there. */
  private Optional<Object> inode() {
    try {
      return Optional.of(Files.getAttribute(socket(), "unix:ino"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Test
  void listenerThatTheKernelRefusesFor_isMadeAnew_andItsCallsFinish() throws Exception {
    AgentConfig config = ConfigFile.read(configuration());
    Endpoint endpoint = config.places().get(0).endpoint();
    try (RunningAgent running = RunningAgent.start(directory, agent -> agent.config(config));
        TestClient guest = new TestClient(endpoint)) {
      HeldNoop underWay = HeldNoop.called(running, guest);
      Optional<Object> before = inode();

      Wedge.listener(socket());

      Eventually.isTrue(
          "another socket lies there", LONG, () -> inode().isPresent() && !inode().equals(before));
      try (TestClient other = new TestClient(endpoint)) {
        other.openSession();
      }
      underWay.release().get(40, TimeUnit.SECONDS);
    }
  }

  @Test
  void socketFileThatIsDeleted_isMadeAnew_byTheProgram() throws Exception {
    try (AgentProcess agent =
        AgentProcess.start(
            "--config",
            configuration().toString(),
            "--state",
            directory.resolve("state").toString())) {
      agent.awaitLine("ready");
      Files.delete(socket());
      agent.awaitLine("listener does not work and is opened again endpoint=unix:" + socket());
      agent.awaitLine("listening endpoint=unix:" + socket());
      try (TestClient guest = new TestClient(Endpoint.parse("unix:" + socket()))) {
        guest.openSession();
      }
      agent.stop();
      assertThat(agent.exitCode()).isZero();
      assertThat(agent.seen().stream().filter(line -> line.contains("opened again"))).hasSize(1);
    }
  }
}
