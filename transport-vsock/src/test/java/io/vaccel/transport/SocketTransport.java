package io.vaccel.transport;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * A transport over sockets: an endpoint to listen on, one to dial, and who the server must take the
 * client for.
 */
final class SocketTransport implements TransportUnderTest {
  private final ServerSettings serverSettings;
  private final ChannelSettings channelSettings;
  private final BiPredicate<String, String> expectedPeer;
  private final AutoCloseable vmm;
  private final ChannelGroup accepted = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private Endpoint listen;
  private Optional<Endpoint> dial;

  /**
   * {@code dial} is empty where it is what the server listens on. The event loops, one for each
   * side, and {@code vmm} are closed at the end.
   */
  SocketTransport(
      Endpoint listen,
      Optional<Endpoint> dial,
      ServerSettings serverSettings,
      ChannelSettings channelSettings,
      BiPredicate<String, String> expectedPeer,
      AutoCloseable vmm) {
    this.listen = listen;
    this.dial = dial;
    this.serverSettings = serverSettings;
    this.channelSettings = channelSettings;
    this.expectedPeer = expectedPeer;
    this.vmm = vmm;
  }

  @Override
  public Server start(TestService service, ServerLimits limits) throws IOException {
    ServerSettings settings =
        new ServerSettings(
            limits,
            serverSettings.socketMode(),
            serverSettings.vsockBufferBytes(),
            serverSettings.allowedReservedCids(),
            serverSettings.tls(),
            serverSettings.eventLoops());
    Endpoint endpoint = listen;
    Server server =
        Servers.builder(endpoint, settings)
            .channelFactory(
                () -> {
                  ServerChannel channel = Servers.channels(endpoint, settings).newChannel();
                  channel.pipeline().addLast(new Recorder());
                  return channel;
                })
            .addService(service)
            .build()
            .start();
    listen =
        Servers.endpoints(server).get(0); // With the port that the kernel chose, for a restart.
    return server;
  }

  @Override
  public void crash() {
    for (Channel connection : accepted) {
      // Below the pipeline, or gRPC would say goodbye.
      connection.eventLoop().execute(() -> connection.unsafe().close(connection.voidPromise()));
    }
  }

  @Override
  public ManagedChannel channel() {
    return Channels.open(endpoint().orElseThrow(), channelSettings);
  }

  @Override
  public boolean isExpected(String owner, String text) {
    return expectedPeer.test(owner, text);
  }

  @Override
  public Optional<Endpoint> endpoint() {
    return Optional.of(dial.orElse(listen));
  }

  @Override
  public ChannelSettings settings() {
    return channelSettings;
  }

  @Override
  public void close() {
    channelSettings.loops().close();
    serverSettings.loops().close();
    try {
      vmm.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Remembers what was accepted. */
  private final class Recorder extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      accepted.add((Channel) message);
      context.fireChannelRead(message);
    }
  }
}
