package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.Server;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How many connects a listener takes while nobody accepts: a VMM blocks in connect() where it takes
 * none. The accepting thread is held while the clients connect.
 */
@Timeout(120)
class BacklogIT {
  private static final int MANY = 600;
  private static final Path SOMAXCONN = Path.of("/proc/sys/net/core/somaxconn");

  private final CountDownLatch accept = new CountDownLatch(1);
  private final List<AutoCloseable> clients = new ArrayList<>();

  @TempDir private Path folder;

  @AfterEach
  void closeClients() throws Exception {
    accept.countDown();
    for (AutoCloseable client : clients) {
      client.close();
    }
  }

  private static ServerSettings settings(EventLoops loops, int backlog) {
    return ServerSettings.builder()
        .eventLoops(loops)
        .limits(ServerLimits.builder().backlog(backlog).build())
        .build();
  }

  private Endpoint unix() {
    return new Endpoint.Unix(folder.resolve("s.sock").toString());
  }

  private Server start(Endpoint endpoint, EventLoops loops, int backlog) throws Exception {
    Server server =
        Servers.builder(endpoint, settings(loops, backlog))
            .addService(new TestService())
            .build()
            .start();
    Accepted.hold(loops, accept);
    return server;
  }

  /** Whether a Unix socket takes a connection at once. */
  private boolean isTaken() throws IOException {
    SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
    clients.add(client);
    client.configureBlocking(false);
    try {
      return client.connect(UnixDomainSocketAddress.of(folder.resolve("s.sock")));
    } catch (SocketException e) {
      assertThat(e).hasMessage("Resource temporarily unavailable");
      return false;
    }
  }

  private static void assumeLongQueues() throws IOException {
    // In lines: such a file ends after the first read, and readString asks for one byte at first.
    assumeTrue(
        Integer.parseInt(Files.readAllLines(SOMAXCONN).get(0)) >= MANY,
        "needs longer queues of the kernel: sysctl -w net.core.somaxconn=1024");
  }

  @ParameterizedTest
  @EnumSource
  void unixSocket_queuesHundreds(EventLoops.Kind kind) throws Exception {
    assumeLongQueues();
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      Server server = start(unix(), loops, MANY);
      for (int i = 0; i < MANY; i++) {
        assertThat(isTaken()).as("connection %d", i).isTrue();
      }
      accept.countDown();
      server.shutdownNow().awaitTermination();
    }
  }

  @ParameterizedTest
  @EnumSource
  void tcp_queuesHundreds(EventLoops.Kind kind) throws Exception {
    assumeLongQueues();
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      Server server = start(new Endpoint.Tcp("127.0.0.1", 0), loops, MANY);
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
      for (int i = 0; i < MANY; i++) {
        Socket client = new Socket();
        clients.add(client);
        // With a full queue the kernel drops the request, and it is never answered.
        client.connect(address, 20_000);
      }
      accept.countDown();
      server.shutdownNow().awaitTermination();
    }
  }

  /** Linux lets in one more than the number says. */
  @ParameterizedTest
  @EnumSource
  void queue_isAsLongAsTheLimitSays(EventLoops.Kind kind) throws Exception {
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      Server server = start(unix(), loops, 3);
      for (int i = 0; i < 4; i++) {
        assertThat(isTaken()).as("connection %d", i).isTrue();
      }
      assertThat(isTaken()).isFalse();
      accept.countDown();
      server.shutdownNow().awaitTermination();
    }
  }

  @ParameterizedTest
  @EnumSource
  void queueOfPlainBytes_isAsLongAsTheLimitSays(EventLoops.Kind kind) throws Exception {
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      Channel listening =
          Bootstraps.server(unix(), settings(loops, 3))
              .childHandler(new ChannelInboundHandlerAdapter())
              .bind()
              .sync()
              .channel();
      Accepted.hold(loops, accept);
      for (int i = 0; i < 4; i++) {
        assertThat(isTaken()).as("connection %d", i).isTrue();
      }
      assertThat(isTaken()).isFalse();
      accept.countDown();
      listening.close().await();
    }
  }
}
