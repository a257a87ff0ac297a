package io.vaccel.transport;

import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes gRPC servers that listen on an {@link Endpoint}.
 *
 * <p>Such a server knows the {@link Peer} of each call, keeps all of {@link ServerLimits}, and
 * neither compresses nor decompresses: a compressed message ends the call with UNIMPLEMENTED, so
 * that no guest can send a small message that is large inside.
 */
public final class Servers {
  private Servers() {}

  /** A builder for a listener with these limits and otherwise the default settings. */
  public static NettyServerBuilder builder(Endpoint endpoint, ServerLimits limits) {
    return builder(endpoint, ServerSettings.builder().limits(limits).build());
  }

  /**
   * A builder prepared with all of this library's settings, to add services, interceptors and an
   * executor to.
   *
   * <p>{@code start()} binds. It throws an {@code IOException} whose cause names what is wrong,
   * also when another server listens there. A Unix or hybrid socket left behind by a server that is
   * gone is replaced.
   *
   * @throws IllegalArgumentException if TLS is asked for where there is none, its files are bad, or
   *     a TCP host has no address
   * @throws IllegalStateException if this kind of endpoint does not work with the event loops, with
   *     the reason
   */
  public static NettyServerBuilder builder(Endpoint endpoint, ServerSettings settings) {
    if (settings.tls().isPresent() && !(endpoint instanceof Endpoint.Tcp)) {
      throw new IllegalArgumentException("TLS is for tcp endpoints, not for " + endpoint);
    }
    requireLoops(endpoint, settings);
    PeerAttributes peers = new PeerAttributes();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address(endpoint))
            .channelFactory(channels(endpoint, settings))
            .bossEventLoopGroup(settings.loops().boss())
            .workerEventLoopGroup(settings.loops().workers())
            .addTransportFilter(peers)
            .intercept(peers)
            .compressorRegistry(CompressorRegistry.newEmptyInstance())
            .decompressorRegistry(
                DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false));
    if (endpoint instanceof Endpoint.Tcp) {
      builder.withChildOption(ChannelOption.TCP_NODELAY, true);
    }
    settings.tls().ifPresent(tls -> builder.sslContext(tls.serverContext()));
    return limit(builder, settings.limits());
  }

  private static NettyServerBuilder limit(NettyServerBuilder builder, ServerLimits limits) {
    return builder
        .withOption(ChannelOption.SO_BACKLOG, limits.backlog())
        .maxInboundMessageSize(limits.maxInboundMessageBytes())
        .maxInboundMetadataSize(limits.maxInboundMetadataBytes())
        .maxConcurrentCallsPerConnection(limits.maxCallsPerConnection())
        .flowControlWindow(limits.flowControlWindowBytes())
        .handshakeTimeout(limits.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .maxConnectionIdle(limits.maxConnectionIdle().toMillis(), TimeUnit.MILLISECONDS)
        .maxConnectionAge(limits.maxConnectionAge().toMillis(), TimeUnit.MILLISECONDS)
        .maxConnectionAgeGrace(limits.maxConnectionAgeGrace().toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTime(limits.keepAliveTime().toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(limits.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .permitKeepAliveTime(limits.permitKeepAliveTime().toMillis(), TimeUnit.MILLISECONDS)
        .permitKeepAliveWithoutCalls(true)
        .maxRstFramesPerWindow(limits.maxResetFrames(), seconds(limits.resetWindow()));
  }

  private static int seconds(Duration duration) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, duration.toSeconds()));
  }

  static void requireLoops(Endpoint endpoint, ServerSettings settings) {
    if (settings.loops().kind() == EventLoops.Kind.NIO && endpoint instanceof Endpoint.Vsock) {
      throw new IllegalStateException(
          endpoint + " needs native epoll; in use is: " + settings.loops().describe());
    }
  }

  static SocketAddress address(Endpoint endpoint) {
    if (!(endpoint instanceof Endpoint.Tcp tcp)) {
      return new EndpointAddress(endpoint);
    }
    InetSocketAddress address = new InetSocketAddress(tcp.host(), tcp.port());
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(endpoint + ": the host has no address");
    }
    return address;
  }

  static ChannelFactory<ServerChannel> channels(Endpoint endpoint, ServerSettings settings) {
    return () -> gated(endpoint, settings, false);
  }

  /** For plain bytes: no gate for HTTP/2, and TCP that can be paused while its peer ends. */
  static ChannelFactory<ServerChannel> plainChannels(Endpoint endpoint, ServerSettings settings) {
    return () -> gated(endpoint, settings, true);
  }

  private static ServerChannel gated(Endpoint endpoint, ServerSettings settings, boolean plain) {
    ServerChannel channel = channel(endpoint, settings, plain);
    channel
        .pipeline()
        .addLast(
            plain
                ? ListenerGate.bytes(endpoint, settings)
                : ListenerGate.http2(endpoint, settings));
    return channel;
  }

  private static ServerChannel channel(Endpoint endpoint, ServerSettings settings, boolean plain) {
    boolean tcp = endpoint instanceof Endpoint.Tcp;
    try {
      return switch (settings.loops().kind()) {
        case EPOLL ->
            tcp && !plain
                ? new EpollServerSocketChannel()
                : new SocketServerChannel(endpoint, settings);
        case NIO ->
            tcp ? new NioServerSocketChannel() : new NioUnixServerChannel(endpoint, settings);
      };
    } catch (ChannelException e) {
      String reason =
          Availability.toListen(endpoint, settings.loops()) instanceof Availability.Unavailable no
              ? no.reason()
              : e.getMessage();
      throw new ChannelException("cannot listen on " + endpoint + ": " + reason, e);
    }
  }

  /** Where a started server listens, with the ports and CIDs that the kernel chose. */
  public static List<Endpoint> endpoints(Server server) {
    return server.getListenSockets().stream().map(Servers::endpoint).toList();
  }

  static Endpoint endpoint(SocketAddress address) {
    if (address instanceof EndpointAddress known) {
      return known.endpoint();
    }
    if (address instanceof InetSocketAddress inet) {
      return new Endpoint.Tcp(inet.getAddress().getHostAddress(), inet.getPort());
    }
    throw new IllegalArgumentException(address + " is no endpoint");
  }
}
