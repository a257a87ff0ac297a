package io.vaccel.guest.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vaccel.transport.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Plain blocking clients. */
final class Sockets {
  private Sockets() {}

  static SocketChannel connect(Endpoint endpoint) throws IOException {
    if (endpoint instanceof Endpoint.Unix unix) {
      return SocketChannel.open(UnixDomainSocketAddress.of(unix.path()));
    }
    if (endpoint instanceof Endpoint.Tcp tcp) {
      return SocketChannel.open(new InetSocketAddress(tcp.host(), tcp.port()));
    }
    throw new IllegalArgumentException(endpoint.toString());
  }

  static void send(SocketChannel socket, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
    while (bytes.hasRemaining()) {
      socket.write(bytes);
    }
  }

  /** Exactly that many bytes. */
  static String receive(SocketChannel socket, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (socket.read(bytes) < 0) {
        throw new IOException("ended after " + bytes.position() + " of " + count + " bytes");
      }
    }
    return new String(bytes.array(), US_ASCII);
  }

  /** All bytes until the end; a reset counts as one. */
  static String rest(SocketChannel socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer bytes = ByteBuffer.allocate(8_192);
    while (socket.read(bytes) >= 0) {
      all.write(bytes.array(), 0, bytes.position());
      bytes.clear();
    }
    return all.toString(US_ASCII);
  }

  /** Whether the other side ends the connection, by whatever means, without sending a byte. */
  static boolean ends(SocketChannel socket) {
    try {
      return socket.read(ByteBuffer.allocate(1)) < 0;
    } catch (IOException e) {
      return true;
    }
  }
}
