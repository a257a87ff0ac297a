package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.netty.channel.Channel;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a watch finds wrong with a listener. */
@Timeout(60)
class ListenerWatchIT {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final ListenerWatch watch = new ListenerWatch();
  private final CompletableFuture<Channel> listening = new CompletableFuture<>();
  private Server server;

  @TempDir private Path folder;

  @AfterEach
  void stop() throws InterruptedException {
    if (server != null) {
      server.shutdownNow().awaitTermination();
    }
  }

  private void start(Endpoint endpoint, ServerSettings.Builder builder) throws Exception {
    ServerSettings settings = builder.watch(watch).build();
    server =
        Servers.builder(endpoint, settings)
            .channelFactory(
                () -> {
                  var channel = Servers.channels(endpoint, settings).newChannel();
                  listening.complete(channel);
                  return channel;
                })
            .addService(new TestService())
            .build()
            .start();
  }

  private Path startUnix() throws Exception {
    Path path = folder.resolve("s.sock");
    start(new Endpoint.Unix(path.toString()), ServerSettings.builder());
    return path;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"unix:%s/s.sock", "hybrid:%s/v.sock:2048", "tcp:127.0.0.1:0", "tcp:[::]:0"})
  void listenerThatAccepts_isWell(String endpoint) throws Exception {
    start(Endpoint.parse(endpoint.formatted(folder)), ServerSettings.builder());
    assertThat(watch.canConnect()).isTrue();
    assertThat(watch.check(LONG)).isEmpty();
    assertThat(watch.check(LONG)).as("again").isEmpty();
  }

  @Test
  void fullListener_isWell() throws Exception {
    Endpoint endpoint = new Endpoint.Unix(folder.resolve("s.sock").toString());
    start(
        endpoint,
        ServerSettings.builder().limits(ServerLimits.builder().maxConnections(1).build()));
    try (RawClient only = RawClient.connect(endpoint, ChannelSettings.defaults())) {
      assertThat(watch.check(LONG)).isEmpty();
      assertThat(only.isOpen()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void deletedFile_isNoticed(EventLoops.Kind kind) throws Exception {
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      Path path = folder.resolve("s.sock");
      start(new Endpoint.Unix(path.toString()), ServerSettings.builder().eventLoops(loops));
      assertThat(watch.check(LONG)).isEmpty();
      Files.delete(path);
      assertThat(watch.check(LONG)).contains(path + " was deleted");
      stop();
    }
  }

  @Test
  void replacedFile_isNoticed() throws Exception {
    Path path = startUnix();
    Files.delete(path);
    try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.bind(UnixDomainSocketAddress.of(path));
      assertThat(watch.check(LONG)).contains(path + " was replaced by something else");
    }
  }

  @Test
  void socketThatTheKernelRefusesFor_isNoticed() throws Exception {
    Path path = startUnix();
    Wedge.listener(path);
    assertThat(watch.check(SHORT))
        .contains("cannot connect to unix:" + path + ": connection refused, nobody listens there");
  }

  @Test
  void busyAcceptThread_isNoticed_andForgiven() throws Exception {
    startUnix();
    Channel channel = listening.get(20, TimeUnit.SECONDS);
    CompletableFuture<Void> release = new CompletableFuture<>();
    CountDownLatch busy = new CountDownLatch(1);
    channel
        .eventLoop()
        .execute(
            () -> {
              busy.countDown();
              release.join();
            });
    assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
    try {
      assertThat(watch.check(SHORT)).contains("it accepts nobody");
    } finally {
      release.complete(null);
    }
    assertThat(watch.check(LONG)).isEmpty();
  }

  @Test
  void closedSocket_isNoticed_andItsPlaceIsFree() throws Exception {
    Path path = startUnix();
    server.shutdown();
    assertThat(watch.awaitClosed(LONG)).isTrue();
    assertThat(watch.check(LONG)).contains("its socket was closed");
    assertThat(path).doesNotExist();
  }

  @Test
  void watchWithoutListener_saysSo() {
    assertThatThrownBy(() -> watch.check(LONG)).hasMessage("this watch has no listener yet");
  }
}
