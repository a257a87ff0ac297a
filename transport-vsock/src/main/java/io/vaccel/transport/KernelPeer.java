package io.vaccel.transport;

import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.epoll.VSockAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Asks the kernel who connected to an AF_VSOCK or AF_UNIX socket. */
final class KernelPeer {
  // SO_PEERCRED of socket(7), with the numbers of x86-64, arm64 and riscv64; it fills struct ucred
  // {pid, uid, gid}.
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERCRED = 17;
  private static final int UCRED_BYTES = 12;

  private KernelPeer() {}

  /** The peer of a connection accepted on {@code listener}; empty when it is already gone. */
  static Optional<Peer> of(Endpoint listener, LinuxSocket child) {
    if (listener instanceof Endpoint.Vsock) {
      return vsock(child.remoteVSockAddress());
    }
    if (listener instanceof Endpoint.Hybrid hybrid) {
      return Optional.of(new Peer.Hybrid(hybrid.path()));
    }
    return unix(child);
  }

  /**
   * Netty hands out both numbers as signed; {@code address} is null when the peer disconnected
   * before it was asked for.
   */
  static Optional<Peer> vsock(VSockAddress address) {
    return address == null
        ? Optional.empty()
        : Optional.of(
            new Peer.Vsock(
                Integer.toUnsignedLong(address.getCid()),
                Integer.toUnsignedLong(address.getPort())));
  }

  private static Optional<Peer> unix(LinuxSocket child) {
    ByteBuffer ucred = ByteBuffer.allocateDirect(UCRED_BYTES).order(ByteOrder.nativeOrder());
    try {
      child.getRawOpt(SOL_SOCKET, SO_PEERCRED, ucred);
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.of(
        new Peer.Unix(
            Integer.toUnsignedLong(ucred.getInt(4)),
            Integer.toUnsignedLong(ucred.getInt(8)),
            ucred.getInt(0)));
  }
}
