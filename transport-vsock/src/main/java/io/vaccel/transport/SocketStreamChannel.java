package io.vaccel.transport;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelId;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.epoll.Native;
import io.netty.channel.epoll.VSockAddress;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * One connection over AF_VSOCK or AF_UNIX on Netty's native epoll, and over TCP for plain bytes:
 * client side when made for an {@link Endpoint}, server side when made by {@link
 * SocketServerChannel}.
 *
 * <p>Netty has the system calls for AF_VSOCK, but no channel; this is that channel. It serves
 * AF_UNIX as well, so that the tests on Unix sockets, which run everywhere, exercise the code that
 * AF_VSOCK uses.
 *
 * <p>It can be paused ({@code setAutoRead(false)}) while its peer ends. Netty's own cannot: the
 * event of the end clears the last flag, Netty 4.2.18 then takes the socket out of epoll, and does
 * not put it back when the reading goes on (epoll_ctl fails with ENOENT and the channel closes with
 * bytes unread). One flag that is never cleared prevents it.
 */
final class SocketStreamChannel extends AbstractEpollStreamChannel {
  private final SocketStreamConfig config = new SocketStreamConfig(this, socket);
  private final int socketBufferBytes;
  private volatile SocketAddress remote;
  private volatile SocketAddress local;

  /** An unconnected channel of the endpoint's family. */
  SocketStreamChannel(Endpoint endpoint, int socketBufferBytes) {
    super(SocketFamily.newSocket(endpoint), false);
    this.socketBufferBytes = socketBufferBytes;
    keepInEpoll();
  }

  /** An accepted connection. */
  SocketStreamChannel(
      SocketServerChannel parent, LinuxSocket socket, SocketAddress remote, SocketAddress local) {
    super(parent, socket, remote);
    this.socketBufferBytes = 0;
    this.remote = remote;
    this.local = local;
    keepInEpoll();
  }

  private void keepInEpoll() {
    try {
      setFlag(Native.EPOLLERR); // The kernel reports errors in any case.
    } catch (IOException e) {
      throw new ChannelException(e); // Not before it is registered.
    }
  }

  @Override
  protected boolean doConnect(SocketAddress remoteAddress, SocketAddress localAddress)
      throws Exception {
    boolean connected =
        remoteAddress instanceof EndpointAddress named
            ? connect(named.endpoint())
            : socket.connect(remoteAddress);
    if (!connected) {
      setFlag(
          Native.EPOLLOUT); // EINPROGRESS: the loop finishes the connect when the socket becomes
      // writable.
    }
    remote = remoteAddress;
    return connected;
  }

  private boolean connect(Endpoint endpoint) throws IOException {
    if (endpoint instanceof Endpoint.Vsock vsock) {
      SocketFamily.setVsockBuffer(socket, socketBufferBytes);
      SocketFamily.setVsockConnectTimeout(socket, config.getConnectTimeoutMillis());
      return socket.connectVSock(new VSockAddress((int) vsock.cid(), (int) vsock.port()));
    }
    return socket.connect(new DomainSocketAddress(SocketFamily.clientPath(endpoint)));
  }

  @Override
  protected void doBind(SocketAddress localAddress) {
    throw new UnsupportedOperationException("a client socket is not bound: " + localAddress);
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return remote;
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
  public SocketStreamConfig config() {
    return config;
  }
}
