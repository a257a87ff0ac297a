package io.vaccel.transport;

/**
 * Whether this machine can connect to, or listen on, an endpoint at all; and if not, why and what
 * would help.
 *
 * <p>It is decided without connecting anywhere: on a machine that is itself virtual, a connect to
 * CID 2 reaches the real hypervisor, and without a transport a connect to CID 1 hangs. So
 * "available" promises a working socket, not a server at its other end.
 */
public sealed interface Availability {

  /** The endpoint's kind works here. {@code how} names what carries it, for people. */
  record Available(String how) implements Availability {}

  /** It does not. {@code reason} is one line that names what is missing. */
  record Unavailable(String reason) implements Availability {}

  /** Whether a client here can have a socket for this endpoint, on the threads of {@code loops}. */
  static Availability toConnect(Endpoint endpoint, EventLoops loops) {
    return endpoint instanceof Endpoint.Vsock vsock
        ? VsockSupport.toConnect(vsock, loops)
        : new Available(loops.describe());
  }

  /** Whether a server here can have a socket for this endpoint, on the threads of {@code loops}. */
  static Availability toListen(Endpoint endpoint, EventLoops loops) {
    return endpoint instanceof Endpoint.Vsock vsock
        ? VsockSupport.toListen(vsock, loops)
        : new Available(loops.describe());
  }
}
