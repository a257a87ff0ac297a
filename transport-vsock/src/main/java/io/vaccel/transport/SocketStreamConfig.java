package io.vaccel.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelConfig;
import io.netty.channel.epoll.EpollChannelOption;

/**
 * The options of a {@link SocketStreamChannel}.
 *
 * <p>gRPC sets SO_KEEPALIVE on each connection and, with keepalive, TCP_USER_TIMEOUT. Neither means
 * anything on AF_VSOCK or AF_UNIX, and Netty would log a warning for each connection, so both are
 * accepted and ignored.
 */
final class SocketStreamConfig extends EpollChannelConfig {
  SocketStreamConfig(Channel channel) {
    super(channel);
  }

  @Override
  public <T> boolean setOption(ChannelOption<T> option, T value) {
    if (ChannelOption.SO_KEEPALIVE.equals(option)
        || EpollChannelOption.TCP_USER_TIMEOUT.equals(option)) {
      return true;
    }
    return super.setOption(option, value);
  }
}
