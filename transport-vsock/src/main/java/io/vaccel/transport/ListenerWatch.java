package io.vaccel.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Watches one listener: whether its socket is still the one that was bound, and still accepts.
 *
 * <p>Sockets die while they look healthy: somebody deletes the file of a Unix socket, or the kernel
 * resets whoever connects to an AF_VSOCK listener (fixed in Linux 7.0.9). Give a new watch to
 * {@link ServerSettings.Builder#watch} for each server, and call {@link #check} now and then. What
 * counts is that the listener accepts anybody at all: a check that the listener then turns away,
 * because it is full or because CID 1 is no guest, was a good one. Thread-safe.
 */
public final class ListenerWatch {

  /** A listening channel that knows whether clients still find it. */
  interface Placed {
    /**
     * What stands between clients and this socket, such as a missing file; empty if nothing does.
     */
    Optional<String> displaced();
  }

  private static final int FIRST_PAUSE_MILLIS = 5;
  private static final int LONGEST_PAUSE_MILLIS = 250;

  private record Bound(Endpoint endpoint, Channel channel, EventLoops loops) {}

  private volatile Optional<Bound> bound = Optional.empty();
  private volatile boolean probing;
  private long accepted;

  /** Called when the channel of the listener exists. */
  void watch(Endpoint endpoint, Channel channel, EventLoops loops) {
    bound = Optional.of(new Bound(endpoint, channel, loops));
  }

  /** Called for each connection that the kernel handed over. */
  synchronized void accepted() {
    accepted++;
    notifyAll();
  }

  /**
   * Whether a refused connection of this peer is likely to be a check, and not worth a log line.
   */
  boolean isProbe(Peer peer) {
    return probing
        && (peer instanceof Peer.Vsock vsock
            ? vsock.cid() == Endpoint.CID_LOCAL
            : peer instanceof Peer.Unix unix
                ? unix.pid() == ProcessHandle.current().pid()
                : peer instanceof Peer.Hybrid);
  }

  /**
   * What can be said without connecting: that the socket was closed, or is not the one that clients
   * find any more. Unlike a connection that nobody accepted in time, that is certain.
   *
   * @return what is wrong, in words for a log; empty when nothing is
   * @throws IllegalStateException if no server was started with this watch
   */
  public Optional<String> lost() {
    Bound now = listener();
    if (!now.channel().isActive()) {
      return Optional.of("its socket was closed");
    }
    return now.channel() instanceof Placed placed ? placed.displaced() : Optional.empty();
  }

  /**
   * Connects to the listener, unless it is {@link #lost}, and waits until it has accepted a
   * connection, this or another. On AF_VSOCK that needs the kernel's loopback transport; without
   * it, and for a listener on one CID only, no more is found out than whether the socket is open.
   *
   * @param patience what the listener gets to accept
   * @return what is wrong, in words for a log; empty when nothing is
   * @throws IllegalStateException if no server was started with this watch
   */
  public Optional<String> check(Duration patience) throws InterruptedException {
    Bound now = listener();
    Optional<String> lost = lost();
    if (lost.isPresent()) {
      return lost;
    }
    Optional<Endpoint> self = self(now);
    return self.isEmpty() ? Optional.empty() : connect(now, self.get(), patience);
  }

  /**
   * Whether a {@link #check} can connect to the listener. Where it cannot, it looks at no more than
   * whether the socket is open and in its place.
   *
   * @throws IllegalStateException if no server was started with this watch
   */
  public boolean canConnect() {
    return self(listener()).isPresent();
  }

  private Bound listener() {
    return bound.orElseThrow(() -> new IllegalStateException("this watch has no listener yet"));
  }

  /**
   * Waits until the listener's socket is closed, so that its place is free.
   *
   * @return whether it is
   */
  public boolean awaitClosed(Duration longest) throws InterruptedException {
    return bound.isEmpty()
        || bound.get().channel().closeFuture().await(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Optional<String> connect(Bound to, Endpoint self, Duration patience)
      throws InterruptedException {
    long before = count();
    long end = System.nanoTime() + patience.toNanos();
    String failure = "a connect to it does not end";
    probing = true;
    try {
      for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
        ChannelFuture attempt = dial(self, to.loops());
        try {
          // The last one may be cut off by the end of patience: those before it say more.
          if (attempt.await(left(end), TimeUnit.NANOSECONDS)) {
            failure =
                attempt.isSuccess()
                    ? "it accepts nobody"
                    : ConnectFailure.of(self, attempt.cause()).getMessage();
          }
          if (awaitAccepted(before, Math.min(left(end), TimeUnit.MILLISECONDS.toNanos(pause)))) {
            return Optional.empty();
          }
        } finally {
          var unused = attempt.channel().close();
        }
        if (left(end) == 0) {
          return Optional.of(failure);
        }
      }
    } finally {
      probing = false;
    }
  }

  private synchronized long count() {
    return accepted;
  }

  private synchronized boolean awaitAccepted(long before, long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    while (accepted == before) {
      long left = left(end);
      if (left == 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  private static long left(long end) {
    return Math.max(0, end - System.nanoTime());
  }

  private static ChannelFuture dial(Endpoint self, EventLoops loops) {
    ChannelSettings settings = ChannelSettings.builder().eventLoops(loops).build();
    SocketAddress address =
        self instanceof Endpoint.Tcp tcp
            ? new InetSocketAddress(tcp.host(), tcp.port())
            : new EndpointAddress(self);
    return new Bootstrap()
        .group(loops.workers())
        .channelFactory(new ClientChannels(self, settings))
        .handler(new ChannelInboundHandlerAdapter())
        .connect(address);
  }

  /** Where this process reaches the listener, without leaving the machine. */
  private static Optional<Endpoint> self(Bound listener) {
    Endpoint endpoint = listener.endpoint();
    if (endpoint instanceof Endpoint.Hybrid hybrid) {
      return Optional.of(new Endpoint.Unix(hybrid.serverPath()));
    }
    if (endpoint instanceof Endpoint.Tcp) {
      InetSocketAddress address = (InetSocketAddress) listener.channel().localAddress();
      InetAddress host =
          address.getAddress().isAnyLocalAddress()
              ? InetAddress.getLoopbackAddress()
              : address.getAddress();
      return Optional.of(new Endpoint.Tcp(host.getHostAddress(), address.getPort()));
    }
    if (endpoint instanceof Endpoint.Vsock vsock) {
      boolean reachable =
          (vsock.cid() == Endpoint.CID_ANY || vsock.cid() == Endpoint.CID_LOCAL)
              && listener.channel().localAddress() instanceof EndpointAddress;
      Endpoint local =
          reachable ? new Endpoint.Vsock(Endpoint.CID_LOCAL, port(listener.channel())) : endpoint;
      // Without the loopback transport, a connect to CID 1 hangs or goes elsewhere.
      return reachable
              && Availability.toConnect(local, listener.loops()) instanceof Availability.Available
          ? Optional.of(local)
          : Optional.empty();
    }
    return Optional.of(endpoint);
  }

  private static long port(Channel channel) {
    Endpoint bound = ((EndpointAddress) channel.localAddress()).endpoint();
    return ((Endpoint.Vsock) bound).port();
  }
}
