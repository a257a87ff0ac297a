package io.vaccel.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelConfig;

/**
 * The options of a {@link SocketServerChannel}: the length of the queue of connections not yet
 * accepted.
 */
final class SocketServerConfig extends EpollChannelConfig {
  private volatile int backlog = ServerLimits.DEFAULT_BACKLOG;

  SocketServerConfig(Channel channel) {
    super(channel, new ServerChannelRecvByteBufAllocator());
  }

  int backlog() {
    return backlog;
  }

  @Override
  public <T> boolean setOption(ChannelOption<T> option, T value) {
    if (ChannelOption.SO_BACKLOG.equals(option)) {
      validate(option, value);
      backlog = (Integer) value;
      return true;
    }
    return super.setOption(option, value);
  }
}
