package io.vaccel.bench;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A blocking connection to {@link RawServer} that moves a fixed number of bytes each way: the least
 * that any remote operation costs. Used by one thread.
 */
final class RawSocket implements Closeable {
  private final SocketChannel connection;
  private final ByteBuffer request;
  private final ByteBuffer answer;

  private RawSocket(SocketChannel connection, int requestBytes, int answerBytes) {
    this.connection = connection;
    this.request = ByteBuffer.allocateDirect(requestBytes);
    this.answer = ByteBuffer.allocateDirect(answerBytes);
  }

  /**
   * Connects and agrees on the sizes.
   *
   * @param requestBytes sent by each exchange; 1 to {@link RawServer#MAX_BYTES}
   * @param answerBytes received by each exchange, likewise
   */
  static RawSocket connect(SocketAddress server, int requestBytes, int answerBytes)
      throws IOException {
    SocketChannel connection = SocketChannel.open(server);
    try {
      prepare(connection);
      ByteBuffer sizes = ByteBuffer.allocate(2 * Integer.BYTES);
      writeFully(connection, sizes.putInt(requestBytes).putInt(answerBytes).flip());
      return new RawSocket(connection, requestBytes, answerBytes);
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  /** Sends a request and receives the whole answer; the same buffers each time. */
  void exchange() throws IOException {
    writeFully(connection, request.clear());
    if (!readFully(connection, answer.clear())) {
      throw new EOFException("the raw server closed the connection");
    }
  }

  /** Small messages must not wait for more; Unix sockets never do. */
  static void prepare(SocketChannel connection) throws IOException {
    if (connection.getRemoteAddress() instanceof InetSocketAddress) {
      connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
  }

  static void writeFully(SocketChannel connection, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      connection.write(bytes);
    }
  }

  /**
   * Fills the buffer.
   *
   * @return whether there was anything: false for a connection that ended before the first byte
   */
  static boolean readFully(SocketChannel connection, ByteBuffer bytes) throws IOException {
    int start = bytes.position();
    while (bytes.hasRemaining()) {
      if (connection.read(bytes) < 0) {
        if (bytes.position() == start) {
          return false;
        }
        throw new EOFException("the connection ended after " + bytes.position() + " bytes");
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
