package io.vaccel.transport;

import java.net.SocketAddress;
import java.util.Optional;

/**
 * The remote address of an accepted connection: the {@link Peer}, in the clothes that Netty asks
 * for. It is empty when the peer was gone before the kernel could be asked; {@link ListenerGate}
 * closes such a connection.
 */
final class PeerAddress extends SocketAddress {
  private static final long serialVersionUID = 1L;

  private final transient Optional<Peer> peer;

  PeerAddress(Optional<Peer> peer) {
    this.peer = peer;
  }

  Optional<Peer> peer() {
    return peer;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PeerAddress that && peer.equals(that.peer);
  }

  @Override
  public int hashCode() {
    return peer.hashCode();
  }

  @Override
  public String toString() {
    return peer.map(Peer::toString).orElse("unknown peer");
  }
}
