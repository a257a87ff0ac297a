package io.vaccel.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The program at the other end of the raw sockets: takes a request whole, then sends as many bytes
 * as were agreed, as a server must that works on what it is sent.
 *
 * <p>A client says once, in two 32-bit numbers, how long its requests and answers are; see {@link
 * RawSocket}. Each connection has a thread and one buffer for its whole life. Started with the path
 * of a Unix socket to make, it prints {@code raw tcp PORT} when both sockets are open, and ends
 * with its standard input.
 */
final class RawServer {
  /** The longest request or answer. */
  static final int MAX_BYTES = 256 << 20;

  private RawServer() {}

  public static void main(String[] args) throws IOException {
    ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    unix.bind(UnixDomainSocketAddress.of(Path.of(args[0])));
    ServerSocketChannel tcp = ServerSocketChannel.open();
    tcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    daemon("accept unix", () -> accept(unix));
    daemon("accept tcp", () -> accept(tcp));
    int port = ((InetSocketAddress) tcp.getLocalAddress()).getPort();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.println("raw tcp " + port);
    while (System.in.read() >= 0) {
      // Nothing is said to this program; the end of its input is the end of its parent.
    }
  }

  private static void accept(ServerSocketChannel server) {
    try {
      while (true) {
        SocketChannel connection = server.accept();
        daemon("serve", () -> serve(connection));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void serve(SocketChannel connection) {
    try (connection) {
      RawSocket.prepare(connection);
      ByteBuffer sizes = ByteBuffer.allocate(2 * Integer.BYTES);
      RawSocket.readFully(connection, sizes);
      int requestBytes = checked(sizes.flip().getInt());
      int answerBytes = checked(sizes.getInt());
      ByteBuffer buffer = ByteBuffer.allocateDirect(Math.max(requestBytes, answerBytes));
      while (RawSocket.readFully(connection, buffer.clear().limit(requestBytes))) {
        RawSocket.writeFully(connection, buffer.clear().limit(answerBytes));
      }
    } catch (IOException e) {
      SocketAddress peer = peer(connection);
      System.err.println("raw server: connection of " + peer + " ended: " + e.getMessage());
    }
  }

  private static int checked(int bytes) throws IOException {
    if (bytes < 1 || bytes > MAX_BYTES) {
      throw new IOException(bytes + " bytes is not in 1 to " + MAX_BYTES);
    }
    return bytes;
  }

  private static SocketAddress peer(SocketChannel connection) {
    try {
      return connection.getRemoteAddress();
    } catch (IOException e) {
      return UnixDomainSocketAddress.of("");
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
