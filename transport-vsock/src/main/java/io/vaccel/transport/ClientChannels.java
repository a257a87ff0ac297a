package io.vaccel.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** Makes the Netty channels on which one client connects to its endpoint. */
final class ClientChannels implements ChannelFactory<Channel> {
  private final Endpoint endpoint;
  private final ChannelSettings settings;
  private final EventLoops.Kind kind;
  private final boolean plain;

  /** The channels of a gRPC channel. */
  ClientChannels(Endpoint endpoint, ChannelSettings settings) {
    this(endpoint, settings, false);
  }

  /**
   * Channels for an endpoint.
   *
   * @param plain whether they are for plain bytes: then TCP, too, is of this library's kind, which
   *     can be paused while its peer ends
   */
  ClientChannels(Endpoint endpoint, ChannelSettings settings, boolean plain) {
    this.plain = plain;
    this.endpoint = endpoint;
    this.settings = settings;
    this.kind = settings.loops().kind();
    if (kind == EventLoops.Kind.NIO && endpoint instanceof Endpoint.Vsock) {
      throw new IllegalStateException(
          endpoint + " needs native epoll; in use is: " + settings.loops().describe());
    }
  }

  @Override
  public Channel newChannel() {
    Channel channel = open();
    channel.config().setOptions(SocketFamily.buffers(endpoint, settings.socketBufferBytes()));
    if (endpoint instanceof Endpoint.Hybrid hybrid) {
      channel.pipeline().addLast(new HybridHandshake(hybrid, settings.hybridTimeout()));
    }
    channel.pipeline().addLast(new ConnectReport(endpoint));
    return channel;
  }

  private Channel open() {
    try {
      boolean tcp = endpoint instanceof Endpoint.Tcp;
      return switch (kind) {
        case EPOLL ->
            tcp && !plain
                ? new EpollSocketChannel()
                : new SocketStreamChannel(endpoint, settings.socketBufferBytes());
        case NIO -> tcp ? new NioSocketChannel() : new NioUnixChannel();
      };
    } catch (ChannelException e) {
      ConnectFailure failure = ConnectFailure.of(endpoint, e);
      throw new ChannelException(failure.getMessage(), failure);
    }
  }
}
