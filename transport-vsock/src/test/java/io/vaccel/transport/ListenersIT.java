package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a listener does on its own, before a call comes. */
@Timeout(60)
class ListenersIT {
  private final Accepted accepted = new Accepted();

  @TempDir private Path folder;

  private Server start(Endpoint endpoint, EventLoops loops) throws Exception {
    ServerSettings settings = ServerSettings.builder().eventLoops(loops).build();
    return accepted.server(endpoint, settings).addService(new TestService()).build().start();
  }

  @ParameterizedTest
  @EnumSource
  void busyWorkers_doNotDelayAccept(EventLoops.Kind kind) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      Path path = folder.resolve("s.sock");
      Server server = start(new Endpoint.Unix(path.toString()), loops);
      var work = loops.workers().submit(() -> release.await(30, TimeUnit.SECONDS));
      List<SocketChannel> clients = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
        client.connect(UnixDomainSocketAddress.of(path));
        clients.add(client);
      }
      for (int i = 0; i < 100; i++) {
        assertThat(accepted.next()).as("connection %d", i).isNotNull();
      }
      assertThat(work.isDone()).as("the only worker is still busy").isFalse();
      release.countDown();
      for (SocketChannel client : clients) {
        client.close();
      }
      server.shutdownNow().awaitTermination();
    } finally {
      release.countDown();
    }
  }

  @Test
  void hostWithoutAddress_isNamed() {
    assertThatThrownBy(
            () -> Servers.builder(new Endpoint.Tcp("no-such.invalid", 1), ServerLimits.defaults()))
        .hasMessage("tcp:no-such.invalid:1: the host has no address");
  }
}
