package io.vaccel.transport;

import java.net.SocketAddress;

/** An {@link Endpoint} in the clothes that gRPC and Netty ask for. */
final class EndpointAddress extends SocketAddress {
  private static final long serialVersionUID = 1L;

  private final transient Endpoint endpoint;

  EndpointAddress(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EndpointAddress that && endpoint.equals(that.endpoint);
  }

  @Override
  public int hashCode() {
    return endpoint.hashCode();
  }

  @Override
  public String toString() {
    return endpoint.toString();
  }
}
