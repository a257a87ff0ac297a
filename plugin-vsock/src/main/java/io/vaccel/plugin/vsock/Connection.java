package io.vaccel.plugin.vsock;

import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.transport.ChannelSettings;
import io.vaccel.transport.Channels;
import io.vaccel.transport.Endpoint;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one gRPC channel to the agent, and whether it is connected; safe for use by several threads.
 *
 * <p>It connects at its first use and again at the next use after a loss. gRPC by itself would
 * pause up to two minutes between two attempts; here each use tries at once, and {@link Breaker}
 * sees to it that uses are rare while nobody answers.
 */
final class Connection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

  private final Endpoint endpoint;
  private final ManagedChannel channel;
  private final Duration connectTimeout;
  private final AtomicLong connects = new AtomicLong();

  private Connection(Endpoint endpoint, ManagedChannel channel, Duration connectTimeout) {
    this.endpoint = endpoint;
    this.channel = channel;
    this.connectTimeout = connectTimeout;
  }

  /**
   * A channel that is not connected yet.
   *
   * @throws VaccelException {@link Reason#NO_PLUGIN} when no channel can lead to such an endpoint
   *     from here
   */
  static Connection open(Endpoint endpoint, ClientSettings settings) {
    ChannelSettings.Builder channelSettings =
        ChannelSettings.builder()
            .connectTimeout(settings.connectTimeout())
            .keepAliveTime(settings.keepAliveTime());
    settings.tls().ifPresent(channelSettings::tls);
    try {
      // Repeating calls is the business of Attempts, which knows what may be repeated.
      ManagedChannel channel =
          Channels.builder(endpoint, channelSettings.build()).disableRetry().build();
      return over(channel, endpoint, settings);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new VaccelException(Reason.NO_PLUGIN, e.getMessage(), e);
    }
  }

  /** Uses, and in the end closes, this channel; the endpoint only names the agent. */
  static Connection over(ManagedChannel channel, Endpoint endpoint, ClientSettings settings) {
    Connection connection = new Connection(endpoint, channel, settings.connectTimeout());
    connection.watch(ConnectivityState.IDLE);
    return connection;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Channel channel() {
    return channel;
  }

  Duration connectTimeout() {
    return connectTimeout;
  }

  boolean isReady() {
    return channel.getState(false) == ConnectivityState.READY;
  }

  /** How often it was connected so far. */
  long connects() {
    return connects.get();
  }

  /** Begins to connect at once unless it is connected or connecting; does not wait. */
  void connectNow() {
    if (channel.getState(true) == ConnectivityState.TRANSIENT_FAILURE) {
      // Leaves the pause after the failed attempt behind, and the failure that calls are told.
      channel.enterIdle();
      channel.getState(true);
    }
  }

  /**
   * Returns when a call can be sent, or when one is sure to fail at once with the reason.
   *
   * @throws VaccelException {@link Reason#AGENT_UNREACHABLE} when neither is the case within the
   *     connect timeout: something accepts the connection and then says nothing
   */
  void awaitReady(Call call) {
    long giveUp = System.nanoTime() + connectTimeout.toNanos();
    boolean attempted = false;
    for (ConnectivityState state = channel.getState(true);
        state != ConnectivityState.READY;
        state = channel.getState(true)) {
      if (state == ConnectivityState.SHUTDOWN) {
        throw new VaccelException(Reason.CLOSED, "the plugin is closed");
      }
      if (state == ConnectivityState.TRANSIENT_FAILURE && attempted) {
        return;
      }
      CompletableFuture<Void> changed = new CompletableFuture<>();
      channel.notifyWhenStateChanged(state, () -> changed.complete(null));
      connectNow();
      attempted = true;
      Duration left = Duration.ofNanos(Math.max(0, giveUp - System.nanoTime()));
      if (!Waiting.until(changed, left, call)) {
        throw silent();
      }
    }
  }

  /** The error for an agent that has not said a word within the connect timeout. */
  VaccelException silent() {
    return new VaccelException(
        Reason.AGENT_UNREACHABLE,
        "no answer from "
            + endpoint
            + " within "
            + connectTimeout.toMillis()
            + " ms: what listens there is stuck, or is no vAccel agent");
  }

  private void watch(ConnectivityState seen) {
    channel.notifyWhenStateChanged(
        seen,
        () -> {
          ConnectivityState now = channel.getState(false);
          if (now == ConnectivityState.READY) {
            connects.incrementAndGet();
          }
          if (now != ConnectivityState.SHUTDOWN) {
            watch(now);
          }
        });
  }

  /** Ends all calls that are still under way. */
  @Override
  public void close() {
    channel.shutdownNow();
    try {
      if (!channel.awaitTermination(CLOSE_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.warn("the connection to {} does not end", endpoint);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
