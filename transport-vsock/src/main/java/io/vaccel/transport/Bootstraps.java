package io.vaccel.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;

/**
 * Makes Netty bootstraps for an {@link Endpoint}: plain byte streams, for what is no gRPC, such as
 * a forwarder.
 *
 * <pre>{@code
 * Bootstraps.server(Endpoint.parse("unix:/run/echo.sock"), ServerSettings.defaults())
 *     .childHandler(echo).bind().sync();
 * Bootstraps.client(Endpoint.parse("vsock:2:7"), ChannelSettings.defaults())
 *     .handler(answers).connect().sync();
 * }</pre>
 *
 * <p>Both are complete but for their handlers: {@code bind()} and {@code connect()} need no
 * address. The bytes are as they are on the wire; settings that are about gRPC or TLS have no
 * meaning here.
 */
public final class Bootstraps {
  private Bootstraps() {}

  /**
   * A bootstrap that connects to this endpoint. On hybrid vsock a connect is complete when the VMM
   * has answered {@code CONNECT}. A connect that fails does so with an {@code IOException} whose
   * message is one line that names the endpoint and the cause.
   *
   * @throws IllegalArgumentException if this endpoint cannot be a client's
   * @throws IllegalStateException if this kind of endpoint does not work with the event loops, with
   *     the reason
   */
  public static Bootstrap client(Endpoint endpoint, ChannelSettings settings) {
    Channels.requireClient(endpoint);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(settings.loops().workers())
            .channelFactory(new ClientChannels(endpoint, settings, true))
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, Channels.millis(settings.connectTimeout()));
    return bootstrap.remoteAddress(
        endpoint instanceof Endpoint.Tcp tcp
            ? InetSocketAddress.createUnresolved(tcp.host(), tcp.port())
            : new EndpointAddress(endpoint));
  }

  /**
   * A bootstrap that listens on this endpoint. Of the limits it keeps {@link
   * ServerLimits#maxConnections()}, {@link ServerLimits#maxConnectionsPerOwner()} and {@link
   * ServerLimits#backlog()}; refused connections never reach the handler.
   *
   * @throws IllegalArgumentException if a TCP host has no address
   * @throws IllegalStateException if this kind of endpoint does not work with the event loops, with
   *     the reason
   */
  public static ServerBootstrap server(Endpoint endpoint, ServerSettings settings) {
    Servers.requireLoops(endpoint, settings);
    return new ServerBootstrap()
        .group(settings.loops().boss(), settings.loops().workers())
        .channelFactory(Servers.plainChannels(endpoint, settings))
        .localAddress(Servers.address(endpoint))
        .option(ChannelOption.SO_BACKLOG, settings.limits().backlog());
  }

  /** Where a bound channel listens, with the port that the kernel chose. */
  public static Endpoint endpoint(Channel bound) {
    return Servers.endpoint(bound.localAddress());
  }
}
