package io.vaccel.plugin.vsock;

import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A Unix socket that passes bytes on to an agent's, and can be cut, at once or after some bytes
 * have gone to the agent, as a connection is when a host dies: without a word of farewell.
 */
final class Link implements AutoCloseable {
  private final Path path;
  private final Endpoint.Unix target;
  private final ServerSocketChannel listener;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytesUntilCut = new AtomicLong(Long.MAX_VALUE);
  private final AtomicInteger accepted = new AtomicInteger();

  private Link(Path path, Endpoint.Unix target, ServerSocketChannel listener) {
    this.path = path;
    this.target = target;
    this.listener = listener;
  }

  static Link open(Path path, Endpoint target) {
    try {
      ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(path));
      Link link = new Link(path, (Endpoint.Unix) target, listener);
      daemon(link::accept);
      return link;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Endpoint endpoint() {
    return new Endpoint.Unix(path.toString());
  }

  /** How many connections came. */
  int accepted() {
    return accepted.get();
  }

  /** Breaks all connections. */
  void cut() {
    open.forEach(Link::close);
    open.clear();
  }

  /** Breaks the connections once so many more bytes have gone to the agent. */
  void cutAfter(long bytes) {
    bytesUntilCut.set(bytes);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = listener.accept();
        accepted.incrementAndGet();
        SocketChannel agent;
        try {
          agent = SocketChannel.open(UnixDomainSocketAddress.of(target.path()));
        } catch (IOException e) {
          close(client);
          continue;
        }
        open.add(client);
        open.add(agent);
        daemon(() -> pass(client, agent, true));
        daemon(() -> pass(agent, client, false));
      }
    } catch (IOException e) {
      cut();
    }
  }

  private void pass(SocketChannel from, SocketChannel to, boolean counted) {
    ByteBuffer block = ByteBuffer.allocate(16 << 10);
    try {
      while (from.read(block.clear()) >= 0) {
        block.flip();
        if (counted && isUsedUp(block.remaining())) {
          cut();
          return;
        }
        while (block.hasRemaining()) {
          to.write(block);
        }
      }
    } catch (IOException e) {
      // Cut, or ended by a peer: both end below.
    }
    close(from);
    close(to);
  }

  private boolean isUsedUp(int bytes) {
    if (bytesUntilCut.get() == Long.MAX_VALUE || bytesUntilCut.addAndGet(-bytes) > 0) {
      return false;
    }
    bytesUntilCut.set(Long.MAX_VALUE);
    return true;
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "link");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
