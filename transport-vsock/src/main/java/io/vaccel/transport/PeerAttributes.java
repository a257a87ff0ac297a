package io.vaccel.transport;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.inprocess.AnonymousInProcessSocketAddress;
import io.grpc.inprocess.InProcessSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Finds the {@link Peer} in what gRPC knows of a connection, once for each connection, and hands it
 * to each call.
 */
final class PeerAttributes extends ServerTransportFilter implements ServerInterceptor {
  private static final Attributes.Key<Peer> PEER =
      Attributes.Key.create("io.vaccel.transport.peer");

  static Peer peer(Attributes attributes) {
    Peer known = attributes.get(PEER);
    return known != null ? known : resolve(attributes);
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    return attributes.toBuilder().set(PEER, resolve(attributes)).build();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Context context = Context.current().withValue(Peer.CONTEXT_KEY, peer(call.getAttributes()));
    return Contexts.interceptCall(context, call, headers, next);
  }

  private static Peer resolve(Attributes attributes) {
    SocketAddress address = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    if (address instanceof PeerAddress known) {
      return known
          .peer()
          .orElseThrow(() -> new IllegalStateException("the transport names no peer"));
    }
    if (address instanceof InetSocketAddress inet) {
      return tcp(inet, Optional.ofNullable(attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION)));
    }
    if (address instanceof InProcessSocketAddress
        || address instanceof AnonymousInProcessSocketAddress) {
      return new Peer.InProcess();
    }
    throw new IllegalStateException("the transport names no peer: remote address " + address);
  }

  static Peer.Tcp tcp(InetSocketAddress address, Optional<SSLSession> session) {
    return new Peer.Tcp(
        address.getAddress().getHostAddress(),
        address.getPort(),
        session.flatMap(PeerAttributes::subject));
  }

  private static Optional<String> subject(SSLSession session) {
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate certificate
          ? TlsSubject.of(certificate)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional
          .empty(); // A client that was not asked for a certificate, or had none to show.
    }
  }
}
