package io.vaccel.transport;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes gRPC channels to an {@link Endpoint}.
 *
 * <p>A channel connects at its first call and again after each loss, with growing, jittered pauses.
 * While it cannot, calls fail with UNAVAILABLE and one line that names the endpoint and the cause,
 * or wait if they were asked to ({@code withWaitForReady}).
 */
public final class Channels {
  private Channels() {}

  /** A channel with the default settings. The caller shuts it down. */
  public static ManagedChannel open(Endpoint endpoint) {
    return open(endpoint, ChannelSettings.defaults());
  }

  /** A channel to this endpoint. The caller shuts it down. */
  public static ManagedChannel open(Endpoint endpoint, ChannelSettings settings) {
    return builder(endpoint, settings).build();
  }

  /**
   * A builder prepared with all of this library's settings, to add interceptors, an executor or a
   * service config to.
   *
   * @throws IllegalArgumentException if this endpoint cannot be a client's, or TLS is asked for
   *     where there is none
   * @throws IllegalStateException if this kind of endpoint does not work with the event loops, with
   *     the reason
   */
  public static NettyChannelBuilder builder(Endpoint endpoint, ChannelSettings settings) {
    if (settings.tls().isPresent() && !(endpoint instanceof Endpoint.Tcp)) {
      throw new IllegalArgumentException("TLS is for tcp endpoints, not for " + endpoint);
    }
    requireClient(endpoint);
    ClientChannels factory = new ClientChannels(endpoint, settings);
    NettyChannelBuilder builder =
        endpoint instanceof Endpoint.Tcp tcp
            ? tcp(tcp, settings, factory)
            : NettyChannelBuilder.forAddress(new EndpointAddress(endpoint))
                .channelFactory(factory, EndpointAddress.class)
                .overrideAuthority("localhost")
                .usePlaintext();
    return builder
        .intercept(new LossReport(endpoint))
        .eventLoopGroup(settings.loops().workers())
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(settings.connectTimeout()))
        .maxInboundMessageSize(settings.maxInboundMessageBytes())
        .maxInboundMetadataSize(settings.maxInboundMetadataBytes())
        .flowControlWindow(settings.flowControlWindowBytes())
        .keepAliveTime(settings.keepAliveTime().toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(settings.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .idleTimeout(settings.idleTimeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  static void requireClient(Endpoint endpoint) {
    if (endpoint instanceof Endpoint.Vsock vsock
        && (vsock.cid() == Endpoint.CID_ANY || vsock.port() == Endpoint.PORT_ANY)) {
      throw new IllegalArgumentException(
          endpoint + " is for servers: a client names one CID and one port");
    }
  }

  private static NettyChannelBuilder tcp(
      Endpoint.Tcp tcp, ChannelSettings settings, ClientChannels factory) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(tcp.host(), tcp.port())
            .channelFactory(factory)
            .withOption(ChannelOption.TCP_NODELAY, true);
    if (settings.tls().isEmpty()) {
      return builder.usePlaintext();
    }
    TlsSettings tls = settings.tls().get();
    tls.serverName().ifPresent(builder::overrideAuthority);
    return builder.sslContext(tls.clientContext());
  }

  /**
   * Waits until the channel is connected, trying again at least every {@code retryInterval} instead
   * of with gRPC's growing pauses: for a guest that is still booting or a server that is just being
   * started.
   *
   * @return false if it is not connected when {@code timeout} is over, or was shut down
   */
  public static boolean awaitReady(ManagedChannel channel, Duration timeout, Duration retryInterval)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      ConnectivityState state = channel.getState(true);
      if (state == ConnectivityState.READY) {
        return true;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0 || state == ConnectivityState.SHUTDOWN) {
        return false;
      }
      CountDownLatch changed = new CountDownLatch(1);
      channel.notifyWhenStateChanged(state, changed::countDown);
      boolean moved = changed.await(Math.min(left, retryInterval.toNanos()), TimeUnit.NANOSECONDS);
      if (!moved && state == ConnectivityState.TRANSIENT_FAILURE) {
        channel.resetConnectBackoff();
      }
    }
  }

  static int millis(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
  }
}
