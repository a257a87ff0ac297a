package io.vaccel.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelId;
import io.netty.channel.epoll.AbstractEpollServerChannel;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.epoll.VSockAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Optional;

/** A listening socket over AF_VSOCK, AF_UNIX or TCP on Netty's native epoll. */
final class SocketServerChannel extends AbstractEpollServerChannel implements ListenerWatch.Placed {
  private final SocketServerConfig config = new SocketServerConfig(this);
  private final Endpoint endpoint;
  private final ServerSettings settings;
  private volatile SocketAddress local;
  private volatile Optional<SocketFile> file = Optional.empty();

  SocketServerChannel(Endpoint endpoint, ServerSettings settings) {
    super(SocketFamily.newSocket(endpoint), false);
    this.endpoint = endpoint;
    this.settings = settings;
  }

  @Override
  protected void doBind(SocketAddress localAddress) throws Exception {
    if (endpoint instanceof Endpoint.Vsock vsock) {
      SocketFamily.setVsockBuffer(socket, settings.socketBufferBytes());
      bindVsock(vsock);
    } else if (endpoint instanceof Endpoint.Tcp) {
      bindTcp(localAddress);
    } else {
      bindUnix();
    }
    active = true;
  }

  private void bindVsock(Endpoint.Vsock vsock) throws IOException {
    try {
      socket.bindVSock(new VSockAddress((int) vsock.cid(), (int) vsock.port()));
      socket.listen(config.backlog());
    } catch (NativeIoException e) {
      throw VsockSupport.explainedBindFailure(vsock, e);
    }
    VSockAddress bound = socket.localVSockAddress();
    local =
        new EndpointAddress(
            new Endpoint.Vsock(vsock.cid(), Integer.toUnsignedLong(bound.getPort())));
  }

  private void bindTcp(SocketAddress address) throws IOException {
    socket.setReuseAddress(true);
    socket.bind(address);
    socket.listen(config.backlog());
    local = socket.localAddress();
  }

  private void bindUnix() throws IOException {
    String path = SocketFamily.serverPath(endpoint);
    SocketFile claimed = SocketFile.claim(path, settings);
    file = Optional.of(claimed);
    SocketFile.setModeOf(socket.intValue(), settings);
    socket.bind(new DomainSocketAddress(path));
    // Between bind and listen every connect is refused, so nobody gets in before the mode is set.
    claimed.bound(settings);
    socket.listen(config.backlog());
    claimed.requireOwn();
    local = new EndpointAddress(endpoint);
  }

  @Override
  public Optional<String> displaced() {
    return file.flatMap(SocketFile::displaced);
  }

  @Override
  protected void doClose() throws Exception {
    try {
      super.doClose();
    } finally {
      file.ifPresent(SocketFile::release);
      file = Optional.empty();
    }
  }

  /**
   * The bytes of the peer's address are not for AF_VSOCK, so the socket is asked. A child without a
   * peer is closed later.
   */
  @Override
  protected Channel newChildChannel(int fd, byte[] address, int offset, int length) {
    LinuxSocket child = LinuxSocket.newSocket(fd);
    SocketAddress remote =
        endpoint instanceof Endpoint.Tcp
            ? child.remoteAddress()
            : new PeerAddress(KernelPeer.of(endpoint, child));
    return new SocketStreamChannel(this, child, remote, local);
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
  public SocketServerConfig config() {
    return config;
  }
}
