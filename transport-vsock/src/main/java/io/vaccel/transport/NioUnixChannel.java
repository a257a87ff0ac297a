package io.vaccel.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.FileRegion;
import io.netty.channel.nio.AbstractNioByteChannel;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * One connection over AF_UNIX on the JDK's own channels (JDK 16 and newer), for platforms where
 * Netty's native library does not load. Netty's class for this logs a warning for each connection
 * that gRPC configures, and does not know the peer.
 */
final class NioUnixChannel extends AbstractNioByteChannel {
  private final ChannelConfig config = new Config();
  private volatile SocketAddress remote;
  private volatile boolean inputShutdown;

  /** An unconnected channel. */
  NioUnixChannel() {
    super(null, open());
  }

  /** An accepted connection. */
  NioUnixChannel(Channel parent, SocketChannel accepted, SocketAddress remote) {
    super(parent, accepted);
    this.remote = remote;
  }

  private static SocketChannel open() {
    try {
      return SocketChannel.open(StandardProtocolFamily.UNIX);
    } catch (IOException e) {
      throw new ChannelException("cannot open a Unix socket: " + e.getMessage(), e);
    }
  }

  @Override
  protected SocketChannel javaChannel() {
    return (SocketChannel) super.javaChannel();
  }

  @Override
  protected boolean doConnect(SocketAddress remoteAddress, SocketAddress localAddress)
      throws Exception {
    Endpoint endpoint = ((EndpointAddress) remoteAddress).endpoint();
    boolean connected =
        javaChannel().connect(UnixDomainSocketAddress.of(SocketFamily.clientPath(endpoint)));
    if (!connected) {
      addAndSubmit(NioIoOps.CONNECT);
    }
    remote = remoteAddress;
    return connected;
  }

  @Override
  protected void doFinishConnect() throws Exception {
    javaChannel().finishConnect();
  }

  @Override
  public boolean isActive() {
    return javaChannel().isOpen() && javaChannel().isConnected();
  }

  @Override
  protected int doReadBytes(ByteBuf into) throws Exception {
    var allocation = unsafe().recvBufAllocHandle();
    allocation.attemptedBytesRead(into.writableBytes());
    return into.writeBytes(javaChannel(), allocation.attemptedBytesRead());
  }

  @Override
  protected int doWriteBytes(ByteBuf from) throws Exception {
    return from.readBytes(javaChannel(), from.readableBytes());
  }

  @Override
  protected long doWriteFileRegion(FileRegion region) throws Exception {
    return region.transferTo(javaChannel(), region.transferred());
  }

  @Override
  protected boolean isInputShutdown0() {
    return inputShutdown;
  }

  @Override
  protected ChannelFuture shutdownInput() {
    try {
      javaChannel().shutdownInput();
      inputShutdown = true;
      return newSucceededFuture();
    } catch (IOException e) {
      return newFailedFuture(e);
    }
  }

  @Override
  protected void doBind(SocketAddress localAddress) {
    throw new UnsupportedOperationException("a client socket is not bound: " + localAddress);
  }

  @Override
  protected void doDisconnect() throws Exception {
    doClose();
  }

  @Override
  protected void doClose() throws Exception {
    try {
      super.doClose();
    } finally {
      javaChannel().close();
    }
  }

  @Override
  protected ChannelId newId() {
    return new ChannelNumber();
  }

  @Override
  protected SocketAddress localAddress0() {
    return parent() == null ? null : parent().localAddress();
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return remote;
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  /**
   * Knows the sizes of the buffers; accepts and ignores SO_KEEPALIVE, which gRPC sets on each
   * connection and AF_UNIX does not have.
   */
  private final class Config extends DefaultChannelConfig {
    Config() {
      super(NioUnixChannel.this);
    }

    @Override
    @SuppressWarnings("unchecked") // The option's own type.
    public <T> T getOption(ChannelOption<T> option) {
      try {
        Optional<SocketOption<Integer>> buffer = buffer(option);
        return buffer.isPresent()
            ? (T) javaChannel().getOption(buffer.get())
            : super.getOption(option);
      } catch (IOException e) {
        throw new ChannelException(e);
      }
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
      try {
        Optional<SocketOption<Integer>> buffer = buffer(option);
        if (buffer.isPresent()) {
          javaChannel().setOption(buffer.get(), (Integer) value);
          return true;
        }
      } catch (IOException e) {
        throw new ChannelException(e);
      }
      return ChannelOption.SO_KEEPALIVE.equals(option) || super.setOption(option, value);
    }

    private static Optional<SocketOption<Integer>> buffer(ChannelOption<?> option) {
      return ChannelOption.SO_SNDBUF.equals(option)
          ? Optional.of(StandardSocketOptions.SO_SNDBUF)
          : ChannelOption.SO_RCVBUF.equals(option)
              ? Optional.of(StandardSocketOptions.SO_RCVBUF)
              : Optional.empty();
    }
  }
}
