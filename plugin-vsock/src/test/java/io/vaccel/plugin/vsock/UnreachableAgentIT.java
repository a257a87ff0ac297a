package io.vaccel.plugin.vsock;

import static io.vaccel.plugin.vsock.Guests.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.ErrorCode;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Plugin;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody is there, or somebody who is no agent: a clear error, soon. */
final class UnreachableAgentIT {
  @TempDir private Path directory;

  @Test
  void missingSocket_isUnreachable_andSaysWhereAndWhatToDo() {
    Endpoint endpoint = new Endpoint.Unix(directory.resolve("none.sock").toString());
    VaccelException failure = failureOfNoop(endpoint);
    assertThat(failure.reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
    assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(failure)
        .hasMessageStartingWith("noop at " + endpoint + ": cannot connect to " + endpoint)
        .hasMessageContaining("no such socket")
        .hasMessageContaining("vaccel-agent --listen " + endpoint);
  }

  @Test
  void socketThatNobodyListensOn_isUnreachable() throws IOException {
    Path socket = directory.resolve("left.sock");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket))
        .close();
    VaccelException failure = failureOfNoop(new Endpoint.Unix(socket.toString()));
    assertThat(failure.reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
    assertThat(failure).hasMessageContaining("nobody listens there");
  }

  @Test
  void closedTcpPort_isUnreachable() throws IOException {
    int port;
    try (var socket = new java.net.ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    VaccelException failure = failureOfNoop(new Endpoint.Tcp("127.0.0.1", port));
    assertThat(failure.reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
    assertThat(failure).hasMessageContaining("refused");
  }

  @Test
  void asynchronousCall_failsLikeABlockingOne() {
    Endpoint endpoint = new Endpoint.Unix(directory.resolve("none.sock").toString());
    try (Vaccel vaccel = Guests.at(endpoint);
        Session session = vaccel.openSession()) {
      VaccelException failure = failureOf(session.async().noop());
      assertThat(failure.reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
      assertThat(failure).hasMessageContaining("no such socket");
    }
  }

  @Test
  void whatAcceptsAndSaysNothing_isUnreachable_afterTheConnectTimeout() throws IOException {
    try (Silent silent = Silent.open(directory.resolve("silent.sock"), "")) {
      long start = System.nanoTime();
      VaccelException failure = failureOfNoop(silent.endpoint(), Duration.ofMillis(300));
      assertThat(failure.reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
      assertThat(failure)
          .hasMessageContaining("no answer from unix:")
          .hasMessageContaining("300 ms");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(9));
    }
  }

  @Test
  void whatSpeaksAnotherProtocol_isUnreachable() throws IOException {
    String http = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    try (Silent other = Silent.open(directory.resolve("http.sock"), http)) {
      VaccelException failure = failureOfNoop(other.endpoint());
      assertThat(failure.reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
      assertThat(failure).hasMessageContaining("something there does not speak gRPC");
    }
  }

  @Test
  void unsetAddress_isSaid() {
    Plugin plugin = new VsockPluginProvider().create(new Settings(Map.of()));
    assertThat(plugin.capabilities().availability())
        .isEqualTo(
            Availability.unusable(
                "VACCEL_RPC_ADDRESS is not set; set it to the agent's endpoint, for instance"
                    + " vsock:2:2048"));
    try (Vaccel vaccel = Vaccel.builder().plugin(plugin).load();
        Session session = vaccel.openSession()) {
      assertThat(failureOf(session::noop).reason()).isEqualTo(Reason.NO_PLUGIN);
    }
  }

  private static VaccelException failureOfNoop(Endpoint endpoint) {
    return failureOfNoop(endpoint, Duration.ofMinutes(1));
  }

  private static VaccelException failureOfNoop(Endpoint endpoint, Duration connectTimeout) {
    String millis = String.valueOf(connectTimeout.toMillis());
    try (Vaccel vaccel =
            Guests.at(
                endpoint, ClientSettings.CONNECT_TIMEOUT, millis, ClientSettings.RETRIES, "0");
        Session session = vaccel.openSession()) {
      return failureOf(session::noop);
    }
  }

  /** Accepts connections, says one thing or nothing, and keeps them. */
  private record Silent(Path path, ServerSocketChannel listener) implements AutoCloseable {
    static Silent open(Path path, String word) throws IOException {
      ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(path));
      var unused = CompletableFuture.runAsync(() -> accept(listener, word), Silent::daemon);
      return new Silent(path, listener);
    }

    Endpoint endpoint() {
      return new Endpoint.Unix(path.toString());
    }

    private static void daemon(Runnable work) {
      Thread thread = new Thread(work, "silent");
      thread.setDaemon(true);
      thread.start();
    }

    private static void accept(ServerSocketChannel listener, String word) {
      try {
        while (true) {
          SocketChannel kept = listener.accept();
          kept.write(ByteBuffer.wrap(word.getBytes(StandardCharsets.US_ASCII)));
        }
      } catch (IOException e) {
        // Closed by the test.
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
