package io.vaccel.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The door of a listener: sees each accepted connection before gRPC does, closes those without a
 * peer, of a refused peer or beyond a limit, and puts an {@link Http2Gate} into the others where
 * gRPC is spoken. Runs on the accepting thread and never blocks it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports to the promise or the pipeline.
final class ListenerGate extends ChannelInboundHandlerAdapter {
  private final ServerSettings settings;
  private final Endpoint listener;
  private final RefusalLog refusals;
  private final boolean http2;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<String, Integer> openByOwner = new ConcurrentHashMap<>();

  private ListenerGate(Endpoint listener, ServerSettings settings, boolean http2) {
    this.listener = listener;
    this.settings = settings;
    this.refusals = new RefusalLog(listener);
    this.http2 = http2;
  }

  /** The door of a gRPC server. */
  static ListenerGate http2(Endpoint listener, ServerSettings settings) {
    return new ListenerGate(listener, settings, true);
  }

  /** The door of a listener that does not look into the bytes. */
  static ListenerGate bytes(Endpoint listener, ServerSettings settings) {
    return new ListenerGate(listener, settings, false);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    settings.watch().ifPresent(w -> w.watch(listener, context.channel(), settings.loops()));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel child = (Channel) message;
    settings.watch().ifPresent(ListenerWatch::accepted);
    Optional<Peer> peer = peer(child.remoteAddress());
    Optional<String> refusal =
        peer.isEmpty() ? Optional.of("it was gone before it had a name") : refusal(peer.get());
    if (refusal.isPresent()) {
      if (!isProbe(peer)) {
        refusals.log(peer.map(Peer::toString).orElse("an unknown peer"), refusal.get());
      }
      child.unsafe().closeForcibly();
      return;
    }
    admit(child, peer.get());
    context.fireChannelRead(child);
  }

  private boolean isProbe(Optional<Peer> peer) {
    return peer.isPresent() && settings.watch().filter(w -> w.isProbe(peer.get())).isPresent();
  }

  private Optional<String> refusal(Peer peer) {
    if (peer instanceof Peer.Vsock vsock
        && vsock.cid() <= Endpoint.CID_HOST
        && !settings.allowedReservedCids().contains(vsock.cid())) {
      return Optional.of("CIDs 0, 1 and 2 are no guests");
    }
    ServerLimits limits = settings.limits();
    if (open.get() >= limits.maxConnections()) {
      return Optional.of("the listener has " + limits.maxConnections() + " connections already");
    }
    if (openByOwner.getOrDefault(peer.owner(), 0) >= limits.maxConnectionsPerOwner()) {
      return Optional.of("it has " + limits.maxConnectionsPerOwner() + " connections already");
    }
    return Optional.empty();
  }

  private void admit(Channel child, Peer peer) {
    child.config().setOptions(SocketFamily.buffers(listener, settings.socketBufferBytes()));
    open.incrementAndGet();
    openByOwner.merge(peer.owner(), 1, Integer::sum);
    child
        .closeFuture()
        .addListener(
            closed -> {
              open.decrementAndGet();
              openByOwner.computeIfPresent(
                  peer.owner(), (owner, count) -> count == 1 ? null : count - 1);
            });
    if (http2) {
      Http2Gate gate =
          new Http2Gate(settings.limits(), reason -> refusals.log(peer.toString(), reason));
      child.pipeline().addLast(settings.tls().isPresent() ? new TlsGate(gate) : gate);
    }
  }

  private static Optional<Peer> peer(SocketAddress address) {
    if (address instanceof PeerAddress known) {
      return known.peer();
    }
    return address instanceof InetSocketAddress inet
        ? Optional.of(PeerAttributes.tcp(inet, Optional.empty()))
        : Optional.empty();
  }
}
