package io.vaccel.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The agent in a container, as the page {@code deploy/container/README.md} says to run it: a
 * read-only root, no capabilities, and a directory of this machine for its sockets.
 */
final class AgentContainer extends GenericContainer<AgentContainer> {
  static final int TLS_PORT = 2049;

  /** Names the image that deploy/container/build made; {@code ./vaccel test} does. */
  private static final String IMAGE = "vaccel.container.image";

  /** Says why there is none. */
  private static final String MISSING = "vaccel.container.missing";

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path sockets;

  private AgentContainer(Path sockets) {
    super(DockerImageName.parse(System.getProperty(IMAGE)));
    this.sockets = sockets;
    withFileSystemBind(sockets.toString(), "/run/vaccel", BindMode.READ_WRITE);
    withCreateContainerCmdModifier(
        command -> {
          HostConfig host = command.getHostConfig();
          command.withHostConfig(
              host.withReadonlyRootfs(true)
                  .withTmpFs(Map.of("/tmp", "rw,exec,nosuid,nodev,size=256m"))
                  .withCapDrop(com.github.dockerjava.api.model.Capability.ALL)
                  .withSecurityOpts(List.of("no-new-privileges")));
        });
    waitingFor(Wait.forLogMessage(".* ready .*", 1).withStartupTimeout(PATIENCE));
  }

  /** A container that is not started yet; its sockets will be below {@code directory}. */
  static AgentContainer below(Path directory) throws IOException {
    assumeTrue(
        System.getProperty(IMAGE) != null,
        System.getProperty(
            MISSING, "needs a Docker engine and the agent's image: ./vaccel test --containers"));
    Path sockets = Files.createDirectory(directory.resolve("run"));
    // The agent in the container is user 65532, whom this machine need not know.
    Files.setPosixFilePermissions(sockets, PosixFilePermissions.fromString("rwxrwxrwx"));
    return new AgentContainer(sockets);
  }

  /** With a TCP listener that asks for client certificates; its files are in {@code keys}. */
  AgentContainer withMutualTls(Path keys) {
    withFileSystemBind(keys.toString(), "/etc/vaccel/tls", BindMode.READ_ONLY);
    withExposedPorts(TLS_PORT);
    withCommand(
        "--listen",
        "unix:/run/vaccel/agent.sock",
        "--listen",
        "tcp:0.0.0.0:" + TLS_PORT,
        "--tls-cert",
        "/etc/vaccel/tls/server.pem",
        "--tls-key",
        "/etc/vaccel/tls/server.key",
        "--tls-ca",
        "/etc/vaccel/tls/ca.pem");
    return this;
  }

  /** With the image's own health check, more often than the image says. */
  AgentContainer withHealthChecksEvery(Duration interval) {
    return withCreateContainerCmdModifier(
        command -> command.withHealthcheck(new HealthCheck().withInterval(interval.toNanos())));
  }

  /** Where this machine reaches it. */
  String endpoint() {
    return "unix:" + sockets.resolve("agent.sock");
  }

  /** Ends it as a crash would. */
  void kill() {
    getDockerClient().killContainerCmd(getContainerId()).exec();
  }

  /** Sends the agent the signal with this name, for instance {@code STOP}. */
  void signal(String name) {
    getDockerClient().killContainerCmd(getContainerId()).withSignal("SIG" + name).exec();
  }

  /** What Docker says of it now. */
  InspectContainerResponse.ContainerState state() {
    return getDockerClient().inspectContainerCmd(getContainerId()).exec().getState();
  }

  /** Waits until Docker's own health status of it is this one. */
  void awaitHealth(String status) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!status.equals(state().getHealth().getStatus())) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("it is not " + status + ": " + state().getHealth());
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }

  /** Stops its processes where they are. */
  void pause() {
    getDockerClient().pauseContainerCmd(getContainerId()).exec();
  }

  void unpause() {
    getDockerClient().unpauseContainerCmd(getContainerId()).exec();
  }

  /** Starts the same container again, after {@link #kill} or where it runs: SIGTERM first. */
  void restart() {
    getDockerClient().restartContainerCmd(getContainerId()).withTimeout(30).exec();
  }
}
