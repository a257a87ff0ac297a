package io.vaccel.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelConfig;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketChannelConfig;
import java.io.IOException;

/**
 * The options of a {@link SocketStreamChannel}: half-closure and buffers, and none of TCP's.
 *
 * <p>Netty's epoll channels ask a {@code SocketChannelConfig}, and nothing else, whether the end of
 * the peer's bytes leaves the connection open in the other direction. The options of TCP and IP
 * that come with it mean nothing on AF_VSOCK and AF_UNIX: they are accepted and ignored, also as
 * channel options. gRPC sets SO_KEEPALIVE on each connection and, with keepalive, TCP_USER_TIMEOUT,
 * and Netty would log a warning for each.
 */
final class SocketStreamConfig extends EpollChannelConfig implements SocketChannelConfig {
  private final LinuxSocket socket;
  private volatile boolean allowHalfClosure;

  SocketStreamConfig(Channel channel, LinuxSocket socket) {
    super(channel);
    this.socket = socket;
  }

  @Override
  @SuppressWarnings("unchecked") // The option's own type.
  public <T> T getOption(ChannelOption<T> option) {
    if (ChannelOption.ALLOW_HALF_CLOSURE.equals(option)) {
      return (T) Boolean.valueOf(allowHalfClosure);
    }
    if (ChannelOption.SO_SNDBUF.equals(option)) {
      return (T) Integer.valueOf(getSendBufferSize());
    }
    if (ChannelOption.SO_RCVBUF.equals(option)) {
      return (T) Integer.valueOf(getReceiveBufferSize());
    }
    return super.getOption(option);
  }

  @Override
  public <T> boolean setOption(ChannelOption<T> option, T value) {
    if (ChannelOption.ALLOW_HALF_CLOSURE.equals(option)) {
      validate(option, value);
      allowHalfClosure = (Boolean) value;
      return true;
    }
    if (ChannelOption.SO_SNDBUF.equals(option)) {
      validate(option, value);
      setSendBufferSize((Integer) value);
      return true;
    }
    if (ChannelOption.SO_RCVBUF.equals(option)) {
      validate(option, value);
      setReceiveBufferSize((Integer) value);
      return true;
    }
    if (ChannelOption.SO_KEEPALIVE.equals(option)
        || EpollChannelOption.TCP_USER_TIMEOUT.equals(option)) {
      return true;
    }
    return super.setOption(option, value);
  }

  @Override
  public boolean isAllowHalfClosure() {
    return allowHalfClosure;
  }

  @Override
  public SocketStreamConfig setAllowHalfClosure(boolean allow) {
    allowHalfClosure = allow;
    return this;
  }

  @Override
  public boolean isTcpNoDelay() {
    return true;
  }

  @Override
  public SocketStreamConfig setTcpNoDelay(boolean ignored) {
    return this;
  }

  @Override
  public int getSoLinger() {
    return -1;
  }

  @Override
  public SocketStreamConfig setSoLinger(int ignored) {
    return this;
  }

  @Override
  public int getSendBufferSize() {
    try {
      return socket.getSendBufferSize();
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public SocketStreamConfig setSendBufferSize(int bytes) {
    try {
      socket.setSendBufferSize(bytes);
      return this;
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public int getReceiveBufferSize() {
    try {
      return socket.getReceiveBufferSize();
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public SocketStreamConfig setReceiveBufferSize(int bytes) {
    try {
      socket.setReceiveBufferSize(bytes);
      return this;
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public boolean isKeepAlive() {
    return false;
  }

  @Override
  public SocketStreamConfig setKeepAlive(boolean ignored) {
    return this;
  }

  @Override
  public int getTrafficClass() {
    return 0;
  }

  @Override
  public SocketStreamConfig setTrafficClass(int ignored) {
    return this;
  }

  @Override
  public boolean isReuseAddress() {
    return false;
  }

  @Override
  public SocketStreamConfig setReuseAddress(boolean ignored) {
    return this;
  }

  @Override
  public SocketStreamConfig setPerformancePreferences(int time, int latency, int bandwidth) {
    return this;
  }

  @Override
  public SocketStreamConfig setConnectTimeoutMillis(int millis) {
    super.setConnectTimeoutMillis(millis);
    return this;
  }

  @Override
  @Deprecated
  public SocketStreamConfig setMaxMessagesPerRead(int messages) {
    super.setMaxMessagesPerRead(messages);
    return this;
  }

  @Override
  public SocketStreamConfig setWriteSpinCount(int count) {
    super.setWriteSpinCount(count);
    return this;
  }

  @Override
  public SocketStreamConfig setAllocator(ByteBufAllocator allocator) {
    super.setAllocator(allocator);
    return this;
  }

  @Override
  public SocketStreamConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
    super.setRecvByteBufAllocator(allocator);
    return this;
  }

  @Override
  public SocketStreamConfig setAutoRead(boolean autoRead) {
    super.setAutoRead(autoRead);
    return this;
  }

  @Override
  public SocketStreamConfig setAutoClose(boolean autoClose) {
    super.setAutoClose(autoClose);
    return this;
  }

  @Override
  public SocketStreamConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
    super.setMessageSizeEstimator(estimator);
    return this;
  }

  @Override
  public SocketStreamConfig setWriteBufferWaterMark(WriteBufferWaterMark mark) {
    super.setWriteBufferWaterMark(mark);
    return this;
  }
}
