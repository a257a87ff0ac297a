package io.vaccel.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The threads that move bytes, and with them the kind of channels in use: Netty's native epoll, or
 * NIO where that does not load.
 *
 * <p>Any number of channels and servers may share one. A channel or server never closes the loops
 * it was given: close your own after everything that uses them; {@link #shared()} are daemon
 * threads that live as long as the process. Thread-safe.
 */
public final class EventLoops implements AutoCloseable {

  /** What moves the bytes. */
  public enum Kind {
    /** Netty's native epoll: all endpoints. */
    EPOLL,
    /**
     * The JDK's selectors: Unix sockets and TCP, and hybrid endpoints, which are Unix sockets. No
     * AF_VSOCK.
     */
    NIO
  }

  private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);

  /** The kinds that this process has logged already: once each. */
  private static final Set<Kind> LOGGED = ConcurrentHashMap.newKeySet();

  /** Holds the shared loops, so that they start at their first use. */
  private static final class Shared {
    static final EventLoops LOOPS =
        new EventLoops(
            preferredKind(), Runtime.getRuntime().availableProcessors(), "vaccel-io", false);
  }

  private final Kind kind;
  private final EventLoopGroup boss;
  private final EventLoopGroup workers;
  private final boolean closeable;

  private EventLoops(Kind kind, int threads, String name, boolean closeable) {
    this.kind = kind;
    this.closeable = closeable;
    // One thread accepts and does nothing else, so that no work of a connection ever delays the
    // next connect:
    // the monitor of a VM blocks inside connect() on our socket.
    this.boss = group(kind, 1, name + "-accept");
    this.workers = group(kind, threads, name);
    LOG.atLevel(LOGGED.add(kind) ? Level.INFO : Level.DEBUG).log("transport: {}", describe());
  }

  private static EventLoopGroup group(Kind kind, int threads, String name) {
    IoHandlerFactory handlers =
        switch (kind) {
          case EPOLL -> EpollIoHandler.newFactory();
          case NIO -> NioIoHandler.newFactory();
        };
    return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), handlers);
  }

  /**
   * The loops of this process: one accepting thread and one thread a processor, of the best kind
   * that loads.
   */
  public static EventLoops shared() {
    return Shared.LOOPS;
  }

  /**
   * New loops of the best kind that loads, with {@code threads} threads for connections and one
   * that accepts.
   */
  public static EventLoops open(int threads) {
    return open(preferredKind(), threads);
  }

  /**
   * New loops of the given kind.
   *
   * @throws IllegalStateException if that kind does not work here, with the reason
   */
  public static EventLoops open(Kind kind, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads " + threads + " is less than 1");
    }
    if (kind == Kind.EPOLL && !Epoll.isAvailable()) {
      throw new IllegalStateException("epoll does not load: " + NativeEpoll.reason());
    }
    return new EventLoops(kind, threads, "vaccel-io-" + kind.name().toLowerCase(Locale.ROOT), true);
  }

  private static Kind preferredKind() {
    return Epoll.isAvailable() ? Kind.EPOLL : Kind.NIO;
  }

  /** The kind in use. */
  public Kind kind() {
    return kind;
  }

  /** One line for a log: what was chosen and, where it is not the native one, why. */
  public String describe() {
    return switch (kind) {
      case EPOLL -> "native epoll for vsock, hybrid, unix and tcp";
      case NIO ->
          Epoll.isAvailable()
              ? "NIO by request for hybrid, unix and tcp; no vsock"
              : "NIO for hybrid, unix and tcp; no vsock, because epoll does not load: "
                  + NativeEpoll.reason();
    };
  }

  EventLoopGroup boss() {
    return boss;
  }

  EventLoopGroup workers() {
    return workers;
  }

  /**
   * Stops the threads; waits until they are done, at most five seconds. Does nothing to the shared
   * loops.
   */
  @Override
  public void close() {
    if (closeable) {
      Future<?> bossDone = boss.shutdownGracefully(0, 5, TimeUnit.SECONDS);
      Future<?> workersDone = workers.shutdownGracefully(0, 5, TimeUnit.SECONDS);
      bossDone.awaitUninterruptibly(5, TimeUnit.SECONDS);
      workersDone.awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
  }
}
