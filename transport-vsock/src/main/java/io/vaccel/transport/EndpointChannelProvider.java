package io.vaccel.transport;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ManagedChannelProvider;
import io.grpc.netty.NettyChannelBuilder;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;

/**
 * Makes the channels for the targets of {@link EndpointNameResolverProvider}, and leaves all others
 * to gRPC's Netty. gRPC finds it by {@code ServiceLoader}; programs do not use it.
 */
public final class EndpointChannelProvider extends ManagedChannelProvider {

  /**
   * Above gRPC's own, which are at most 5: {@code ManagedChannelBuilder.forTarget} asks nobody but
   * the first.
   */
  private static final int PRIORITY = 6;

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
    if (!EndpointNameResolverProvider.isTarget(target)) {
      return NewChannelBuilderResult.error(target + " is no vsock, hybrid or unix endpoint");
    }
    if (!(credentials instanceof InsecureChannelCredentials)) {
      return NewChannelBuilderResult.error(
          target
              + " takes InsecureChannelCredentials: the kernel vouches for both sides, there is no TLS");
    }
    return NewChannelBuilderResult.channelBuilder(builderForTarget(target));
  }

  @Override
  protected ManagedChannelBuilder<?> builderForTarget(String target) {
    return EndpointNameResolverProvider.isTarget(target)
        ? Channels.builder(
            EndpointNameResolverProvider.endpoint(URI.create(target)), ChannelSettings.defaults())
        : NettyChannelBuilder.forTarget(target);
  }

  @Override
  protected ManagedChannelBuilder<?> builderForAddress(String name, int port) {
    return NettyChannelBuilder.forAddress(name, port);
  }

  @Override
  protected Collection<Class<? extends SocketAddress>> getSupportedSocketAddressTypes() {
    return List.of(EndpointAddress.class);
  }
}
