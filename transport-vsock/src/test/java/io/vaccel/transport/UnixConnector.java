package io.vaccel.transport;

import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Connects to the Unix socket that is named, and stays until the other side closes. It needs
 * nothing but the JDK, so that a user who may read nothing else of these tests can run it.
 */
final class UnixConnector {
  private UnixConnector() {}

  public static void main(String... args) throws Exception {
    try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(args[0]))) {
      ByteBuffer received = ByteBuffer.allocate(1_024);
      while (socket.read(received.clear()) >= 0) {
        // Nothing of it is wanted.
      }
    }
  }
}
