package io.vaccel.transport;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.nio.AbstractNioMessageChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;

/**
 * A listening Unix socket on the JDK's own channels (JDK 16 and newer).
 *
 * <p>The JDK binds and listens in one step, so for an instant the file has the mode of the
 * process's umask; put it into a folder that only the right users may enter. {@link
 * SocketServerChannel} has no such instant.
 */
final class NioUnixServerChannel extends AbstractNioMessageChannel
    implements ServerChannel, ListenerWatch.Placed {
  private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

  private final Endpoint endpoint;
  private final ServerSettings settings;
  private final Config config = new Config(this);
  private volatile SocketAddress local;
  private volatile Optional<SocketFile> file = Optional.empty();

  NioUnixServerChannel(Endpoint endpoint, ServerSettings settings) {
    super(null, open(), SelectionKey.OP_ACCEPT);
    this.endpoint = endpoint;
    this.settings = settings;
  }

  private static ServerSocketChannel open() {
    try {
      return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    } catch (IOException e) {
      throw new ChannelException("cannot open a Unix socket: " + e.getMessage(), e);
    }
  }

  @Override
  protected ServerSocketChannel javaChannel() {
    return (ServerSocketChannel) super.javaChannel();
  }

  @Override
  protected void doBind(SocketAddress localAddress) throws Exception {
    String path = SocketFamily.serverPath(endpoint);
    SocketFile claimed = SocketFile.claim(path, settings);
    file = Optional.of(claimed);
    javaChannel().bind(UnixDomainSocketAddress.of(path), config.backlog);
    claimed.bound(settings);
    claimed.requireOwn();
    local = new EndpointAddress(endpoint);
  }

  @Override
  protected int doReadMessages(List<Object> children) throws Exception {
    SocketChannel accepted = javaChannel().accept();
    if (accepted == null) {
      return 0;
    }
    children.add(
        new NioUnixChannel(this, accepted, new PeerAddress(NioPeer.of(endpoint, accepted))));
    return 1;
  }

  @Override
  public Optional<String> displaced() {
    return file.flatMap(SocketFile::displaced);
  }

  @Override
  protected void doClose() throws Exception {
    try {
      super.doClose();
      javaChannel().close();
    } finally {
      file.ifPresent(SocketFile::release);
      file = Optional.empty();
    }
  }

  @Override
  public boolean isActive() {
    return isOpen() && local != null;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  protected ChannelId newId() {
    return new ChannelNumber();
  }

  @Override
  protected SocketAddress localAddress0() {
    return local;
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return null;
  }

  @Override
  protected boolean doConnect(SocketAddress remoteAddress, SocketAddress localAddress) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void doFinishConnect() {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void doDisconnect() {
    throw new UnsupportedOperationException();
  }

  @Override
  protected boolean doWriteMessage(Object message, ChannelOutboundBuffer in) {
    throw new UnsupportedOperationException();
  }

  /** The length of the queue of connections not yet accepted. */
  private static final class Config extends DefaultChannelConfig {
    private volatile int backlog = ServerLimits.DEFAULT_BACKLOG;

    Config(ServerChannel channel) {
      super(channel, new ServerChannelRecvByteBufAllocator());
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
}
