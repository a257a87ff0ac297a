package io.vaccel.transport;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * What differs between AF_VSOCK, AF_UNIX and TCP before a connection exists: the socket, its path,
 * its buffers.
 */
final class SocketFamily {
  // linux/vm_sockets.h: the level is AF_VSOCK itself. Netty's public option calls take the level as
  // a number.
  private static final int AF_VSOCK = 40;
  private static final int SO_VM_SOCKETS_BUFFER_SIZE = 0;
  private static final int SO_VM_SOCKETS_BUFFER_MAX_SIZE = 2;
  private static final int SO_VM_SOCKETS_CONNECT_TIMEOUT = 6;

  private SocketFamily() {}

  static LinuxSocket newSocket(Endpoint endpoint) {
    if (endpoint instanceof Endpoint.Tcp) {
      return withoutDelay(LinuxSocket.newSocketStream());
    }
    return endpoint instanceof Endpoint.Vsock
        ? LinuxSocket.newVSockStream()
        : LinuxSocket.newSocketDomain();
  }

  /** TCP that sends at once; accepted sockets inherit it. */
  private static LinuxSocket withoutDelay(LinuxSocket socket) {
    try {
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  /** The Unix socket that a client of this endpoint connects to. */
  static String clientPath(Endpoint endpoint) {
    if (endpoint instanceof Endpoint.Hybrid hybrid) {
      return hybrid.path();
    }
    if (endpoint instanceof Endpoint.Unix unix) {
      return unix.path();
    }
    throw new IllegalArgumentException(endpoint + " is no Unix socket");
  }

  /** The Unix socket that a server of this endpoint listens on. */
  static String serverPath(Endpoint endpoint) {
    return endpoint instanceof Endpoint.Hybrid hybrid ? hybrid.serverPath() : clientPath(endpoint);
  }

  /**
   * The options that give a connection of this endpoint its buffers; none for 0, and none on vsock,
   * whose sockets have an option of their own.
   */
  static Map<ChannelOption<?>, Integer> buffers(Endpoint endpoint, int bytes) {
    return bytes == 0 || endpoint instanceof Endpoint.Vsock
        ? Map.of()
        : Map.of(ChannelOption.SO_SNDBUF, bytes, ChannelOption.SO_RCVBUF, bytes);
  }

  /**
   * Sets the buffer of a vsock socket, in bytes; 0 leaves the kernel's default of 256 KiB. The
   * maximum comes first, or the kernel cuts the size down to the old one. A listening socket hands
   * its size on to those it accepts.
   */
  static void setVsockBuffer(LinuxSocket socket, int bytes) throws IOException {
    if (bytes > 0) {
      socket.setRawOpt(AF_VSOCK, SO_VM_SOCKETS_BUFFER_MAX_SIZE, numbers(bytes));
      socket.setRawOpt(AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, numbers(bytes));
    }
  }

  /**
   * Lets a vsock socket connect for so long; 0 leaves the kernel's default, after which it gives up
   * by itself: 2 s (net/vmw_vsock/af_vsock.c, VSOCK_DEFAULT_CONNECT_TIMEOUT).
   *
   * <p>The kernel's timer holds the socket to its end (connect_work there): one that is closed
   * before, connected or refused, still has its few hundred bytes, and the module its user, so
   * long.
   */
  static void setVsockConnectTimeout(LinuxSocket socket, int millis) throws IOException {
    if (millis > 0) {
      // A timeval of a 64-bit kernel.
      long seconds = millis / 1000;
      long micros = millis % 1000 * 1000L;
      socket.setRawOpt(AF_VSOCK, SO_VM_SOCKETS_CONNECT_TIMEOUT, numbers(seconds, micros));
    }
  }

  private static ByteBuffer numbers(long... values) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(values.length * Long.BYTES).order(ByteOrder.nativeOrder());
    bytes.asLongBuffer().put(values);
    return bytes;
  }
}
