package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.Server;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The ids of a real process with another user and another group than this one's, and which of them
 * a socket's file lets in.
 */
@Timeout(120)
class UnixPeerIT {
  @TempDir private Path folder;

  @BeforeEach
  void assumeRoot() throws Exception {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "needs root, to start a process as another user");
    // The other user must get at the socket and at the program.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    String program = UnixConnector.class.getName().replace('.', '/') + ".class";
    Path copy = folder.resolve(program);
    Files.createDirectories(copy.getParent());
    try (InputStream from = UnixConnector.class.getClassLoader().getResourceAsStream(program)) {
      Files.copy(from, copy);
    }
  }

  /** One user and group that have names everywhere, and two that have none. */
  @ParameterizedTest
  @CsvSource({"EPOLL, 33, 4", "EPOLL, 12345, 54321", "NIO, 33, 4", "NIO, 12345, 54321"})
  void userGroupAndProcess_areTheKernels(EventLoops.Kind kind, long uid, long gid)
      throws Exception {
    Endpoint endpoint = new Endpoint.Unix(socket());
    Accepted accepted = new Accepted();
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      ServerSettings settings =
          ServerSettings.builder().eventLoops(loops).socketMode("rw-rw-rw-").build();
      Server server =
          accepted.server(endpoint, settings).addService(new TestService()).build().start();
      Process other = connector(uid, gid).inheritIO().start();
      try {
        assertThat(((PeerAddress) accepted.next().remoteAddress()).peer())
            .contains(new Peer.Unix(uid, gid, kind == EventLoops.Kind.EPOLL ? other.pid() : 0));
      } finally {
        other.destroyForcibly().waitFor();
        server.shutdownNow().awaitTermination();
      }
    }
  }

  /** As a watched directory makes the listener of a VMM that runs as that user. */
  @ParameterizedTest
  @EnumSource
  void fileThatIsGivenToAVmm_letsItIn_andNobodyElse(EventLoops.Kind kind) throws Exception {
    Accepted accepted = new Accepted();
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      ServerSettings settings =
          ServerSettings.builder()
              .eventLoops(loops)
              .socketMode("rw-------")
              .socketOwner("65534")
              .socketGroup("12345")
              .build();
      Server server = accepted.server(new Endpoint.Unix(socket()), settings).build().start();
      Process vmm = connector(65534, 12345).inheritIO().start();
      try {
        assertThat(((PeerAddress) accepted.next().remoteAddress()).peer())
            .get()
            .extracting(Peer::owner)
            .isEqualTo("unix:65534");
        assertThat(refusal(12346, 12345)).as("only of its group").contains("Permission denied");
        assertThat(refusal(12346, 12346)).contains("Permission denied");
        assertThat(accepted.open()).as("nobody else").isEmpty();
      } finally {
        vmm.destroyForcibly().waitFor();
        server.shutdownNow().awaitTermination();
      }
    }
  }

  /** What a program of this user is told, that may not connect. */
  private String refusal(long uid, long gid) throws Exception {
    Process other = connector(uid, gid).redirectErrorStream(true).start();
    try {
      assertThat(other.waitFor(40, TimeUnit.SECONDS)).as("it gave up").isTrue();
      assertThat(other.exitValue()).isNotZero();
      return new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  private String socket() {
    return folder.resolve("s.sock").toString();
  }

  private ProcessBuilder connector(long uid, long gid) {
    return new ProcessBuilder(
        "setpriv",
        "--reuid=" + uid,
        "--regid=" + gid,
        "--clear-groups",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        folder.toString(),
        UnixConnector.class.getName(),
        socket());
  }
}
