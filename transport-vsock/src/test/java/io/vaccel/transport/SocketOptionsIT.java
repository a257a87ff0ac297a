package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.stub.ClientCalls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.UnixChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernel says of the sockets on both sides of a connection. */
@Timeout(60)
class SocketOptionsIT {
  /** Less than the kernel's default, so that no limit of its cuts it. */
  private static final int BUFFER_BYTES = 50_000;

  private final Accepted accepted = new Accepted();
  private final BlockingQueue<Channel> opened = new LinkedBlockingQueue<>();

  @TempDir private Path folder;

  /** Makes one call, with the same buffers on both sides. */
  private void call(Endpoint endpoint, EventLoops loops, int bufferBytes) throws Exception {
    ServerSettings settings =
        ServerSettings.builder().eventLoops(loops).socketBufferBytes(bufferBytes).build();
    Server server =
        accepted.server(endpoint, settings).addService(new TestService()).build().start();
    Endpoint where = Servers.endpoints(server).get(0);
    ChannelSettings client =
        ChannelSettings.builder().eventLoops(loops).socketBufferBytes(bufferBytes).build();
    ClientChannels sockets = new ClientChannels(where, client);
    ManagedChannel channel =
        Channels.builder(where, client)
            .channelFactory(
                () -> {
                  Channel socket = sockets.newChannel();
                  opened.add(socket);
                  return socket;
                })
            .build();
    // Nothing is shut down here: the sockets are to be asked. The test closes the event loops.
    ClientCalls.blockingUnaryCall(channel, TestService.ECHO, CallOptions.DEFAULT, new byte[0]);
  }

  private Channel client() throws InterruptedException {
    return opened.poll(20, TimeUnit.SECONDS);
  }

  private Endpoint endpoint(String text) {
    return Endpoint.parse(text.replace("DIR", folder.toString()));
  }

  @ParameterizedTest
  @EnumSource
  void tcp_sendsWithoutDelay_onBothSides(EventLoops.Kind kind) throws Exception {
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      call(endpoint("tcp:127.0.0.1:0"), loops, 0);
      assertThat(client().config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
      assertThat(accepted.next().config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void plainTcp_sendsWithoutDelay_onBothSides(EventLoops.Kind kind) throws Exception {
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      Channel listening =
          Bootstraps.server(
                  endpoint("tcp:127.0.0.1:0"), ServerSettings.builder().eventLoops(loops).build())
              .handler(accepted)
              .childHandler(new ChannelInboundHandlerAdapter())
              .bind()
              .sync()
              .channel();
      Channel client =
          Bootstraps.client(
                  Bootstraps.endpoint(listening),
                  ChannelSettings.builder().eventLoops(loops).build())
              .handler(new ChannelInboundHandlerAdapter())
              .connect()
              .sync()
              .channel();
      assertThat(isWithoutDelay(client)).isTrue();
      assertThat(isWithoutDelay(accepted.next())).isTrue();
    }
  }

  /** Our own channels do not have TCP's options, so the kernel is asked. */
  private static boolean isWithoutDelay(Channel channel) throws Exception {
    return channel instanceof UnixChannel unix
        ? LinuxSocket.newSocket(unix.fd().intValue()).isTcpNoDelay()
        : channel.config().getOption(ChannelOption.TCP_NODELAY);
  }

  @ParameterizedTest
  @CsvSource({
    "EPOLL, unix:DIR/s.sock",
    "NIO, unix:DIR/s.sock",
    "EPOLL, tcp:127.0.0.1:0",
    "NIO, tcp:127.0.0.1:0"
  })
  void buffers_areTheKernels_onBothSides(EventLoops.Kind kind, String endpoint) throws Exception {
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      call(endpoint(endpoint), loops, BUFFER_BYTES);
      // Linux doubles it; the JDK halves what Linux says.
      int told = kind == EventLoops.Kind.EPOLL ? 2 * BUFFER_BYTES : BUFFER_BYTES;
      for (Channel socket : List.of(client(), accepted.next())) {
        assertThat(socket.config().getOption(ChannelOption.SO_SNDBUF)).isEqualTo(told);
        assertThat(socket.config().getOption(ChannelOption.SO_RCVBUF)).isEqualTo(told);
      }
    }
  }

  @Test
  void buffersThatNobodyAskedFor_areTheKernelsDefault() throws Exception {
    try (EventLoops loops = EventLoops.open(EventLoops.Kind.EPOLL, 1)) {
      call(endpoint("unix:DIR/s.sock"), loops, 0);
      LinuxSocket untouched = LinuxSocket.newSocketDomain();
      assertThat(client().config().getOption(ChannelOption.SO_SNDBUF))
          .isEqualTo(untouched.getSendBufferSize());
      untouched.close();
    }
  }
}
