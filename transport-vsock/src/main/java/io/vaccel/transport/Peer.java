package io.vaccel.transport;

import io.grpc.Attributes;
import io.grpc.Context;
import java.util.Objects;
import java.util.Optional;

/**
 * Who is at the other end of a connection, as the kernel (or the TLS handshake) vouches. Nothing
 * the peer says about itself is in here.
 *
 * <p>In a server interceptor use {@link #of}; in a service, {@link #current}. Peers are immutable
 * values; {@code toString} is one line for logs.
 */
public sealed interface Peer {

  /**
   * The peer of the call being served, present in every call of a server made by {@link Servers}.
   */
  Context.Key<Peer> CONTEXT_KEY = Context.key("io.vaccel.transport.Peer");

  /**
   * A stable name of whoever owns this connection, the same for each of its connections: the CID,
   * the path of the hybrid socket, the uid, the TLS subject or the TCP host. Never a port or a pid.
   */
  String owner();

  /**
   * The peer of a call or connection, from {@code ServerCall.getAttributes()} or the attributes
   * given to a {@code ServerTransportFilter}.
   *
   * @throws IllegalStateException if the transport names no peer
   */
  static Peer of(Attributes attributes) {
    return PeerAttributes.peer(attributes);
  }

  /**
   * The peer of the call being served by this thread.
   *
   * @throws IllegalStateException outside a call of a server made by {@link Servers}
   */
  static Peer current() {
    Peer peer = CONTEXT_KEY.get();
    if (peer == null) {
      throw new IllegalStateException(
          "no call is being served in this context, so there is no peer");
    }
    return peer;
  }

  /**
   * A machine on AF_VSOCK: its context id, which the kernel checks on each packet. CIDs are reused
   * after a VM is gone.
   */
  record Vsock(long cid, long port) implements Peer {
    public Vsock {
      EndpointText.requireUnsigned32("CID", cid);
      EndpointText.requireUnsigned32("port", port);
    }

    @Override
    public String owner() {
      return "vsock:" + cid;
    }

    @Override
    public String toString() {
      return "vsock cid " + cid;
    }
  }

  /**
   * The guest behind the hybrid socket at {@code path}: whoever may connect there is that VM's
   * monitor.
   */
  record Hybrid(String path) implements Peer {
    public Hybrid {
      Objects.requireNonNull(path, "path");
    }

    @Override
    public String owner() {
      return "hybrid:" + path;
    }

    @Override
    public String toString() {
      return "hybrid " + path;
    }
  }

  /**
   * A local process: its ids when it connected, from SO_PEERCRED. {@code pid} is 0 where the
   * platform does not tell it.
   */
  record Unix(long uid, long gid, long pid) implements Peer {
    @Override
    public String owner() {
      return "unix:" + uid;
    }

    @Override
    public String toString() {
      return "unix uid " + uid + " gid " + gid + (pid == 0 ? "" : " pid " + pid);
    }
  }

  /**
   * A TCP client: its address and, with mutual TLS, the subject of the certificate that it proved
   * to own (RFC 2253).
   */
  record Tcp(String host, int port, Optional<String> subject) implements Peer {
    public Tcp {
      Objects.requireNonNull(host, "host");
      Objects.requireNonNull(subject, "subject");
    }

    @Override
    public String owner() {
      return subject.map(s -> "tls:" + s).orElse("tcp:" + host);
    }

    @Override
    public String toString() {
      return "tcp "
          + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
          + ":"
          + port
          + subject.map(s -> " subject " + s).orElse("");
    }
  }

  /** This very process, through gRPC's in-process transport. */
  record InProcess() implements Peer {
    @Override
    public String owner() {
      return "in-process";
    }

    @Override
    public String toString() {
      return "in-process";
    }
  }
}
