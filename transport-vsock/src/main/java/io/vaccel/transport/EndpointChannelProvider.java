package io.vaccel.transport;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ManagedChannelProvider;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;

/**
 * Makes the channels for the targets of {@link EndpointNameResolverProvider}. gRPC finds it by
 * {@code ServiceLoader}; programs do not use it.
 */
public final class EndpointChannelProvider extends ManagedChannelProvider {

  /** Below gRPC's own, which makes all channels whose target does not say otherwise. */
  private static final int PRIORITY = 3;

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return PRIORITY;
  }

  @Override
  protected NewChannelBuilderResult newChannelBuilder(
      String target, ChannelCredentials credentials) {
    if (!(credentials instanceof InsecureChannelCredentials)) {
      return NewChannelBuilderResult.error(
          target
              + " takes InsecureChannelCredentials: the kernel vouches for both sides, there is no TLS");
    }
    return NewChannelBuilderResult.channelBuilder(builderForTarget(target));
  }

  @Override
  protected ManagedChannelBuilder<?> builderForTarget(String target) {
    return Channels.builder(
        EndpointNameResolverProvider.endpoint(URI.create(target)), ChannelSettings.defaults());
  }

  @Override
  protected ManagedChannelBuilder<?> builderForAddress(String name, int port) {
    throw new UnsupportedOperationException(
        "a host and a port are no vsock, hybrid or unix endpoint");
  }

  @Override
  protected Collection<Class<? extends SocketAddress>> getSupportedSocketAddressTypes() {
    return List.of(EndpointAddress.class);
  }
}
