package io.vaccel.transport;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a channel is made, beside where it leads.
 *
 * @param maxInboundMessageBytes the largest message accepted from the server
 * @param maxInboundMetadataBytes the headers of one answer, counted as HTTP/2 does
 * @param flowControlWindowBytes bytes that may be on their way to us on one connection, and on one
 *     call
 * @param connectTimeout for one attempt to connect, without the hybrid handshake; on vsock, too,
 *     where the kernel's own limit is 2 s
 * @param hybridTimeout for the VMM to answer {@code CONNECT}
 * @param keepAliveTime after this long without a byte the client pings, while calls are in progress
 * @param keepAliveTimeout how long it waits for the answer before it gives the connection up
 * @param idleTimeout a channel without calls for this long drops its connection, until the next
 *     call
 * @param socketBufferBytes the buffer of a connection in bytes, for sending and for receiving; 0
 *     for the kernel's default, which on vsock is 256 KiB. On Unix sockets and TCP the kernel cuts
 *     it to {@code net.core.wmem_max} and {@code net.core.rmem_max}
 * @param tls TLS for a TCP endpoint; plain text when empty
 * @param eventLoops the threads to use; {@link EventLoops#shared()} when empty. Never closed by the
 *     channel
 */
public record ChannelSettings(
    int maxInboundMessageBytes,
    int maxInboundMetadataBytes,
    int flowControlWindowBytes,
    Duration connectTimeout,
    Duration hybridTimeout,
    Duration keepAliveTime,
    Duration keepAliveTimeout,
    Duration idleTimeout,
    int socketBufferBytes,
    Optional<TlsSettings> tls,
    Optional<EventLoops> eventLoops) {

  public ChannelSettings {
    Checks.positive("maxInboundMessageBytes", maxInboundMessageBytes);
    Checks.positive("maxInboundMetadataBytes", maxInboundMetadataBytes);
    Checks.positive("flowControlWindowBytes", flowControlWindowBytes);
    Checks.positive("connectTimeout", connectTimeout);
    Checks.positive("hybridTimeout", hybridTimeout);
    Checks.positive("keepAliveTime", keepAliveTime);
    Checks.positive("keepAliveTimeout", keepAliveTimeout);
    Checks.positive("idleTimeout", idleTimeout);
    Checks.notNegative("socketBufferBytes", socketBufferBytes);
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(eventLoops, "eventLoops");
  }

  /** The default settings. */
  public static ChannelSettings defaults() {
    return builder().build();
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  EventLoops loops() {
    return eventLoops.orElseGet(EventLoops::shared);
  }

  /** Sets what differs from the defaults. Not thread-safe. */
  public static final class Builder {
    private int maxInboundMessageBytes = 4 << 20;
    private int maxInboundMetadataBytes = 16 * 1024;
    private int flowControlWindowBytes = 4 << 20;
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration hybridTimeout = Duration.ofSeconds(2);
    private Duration keepAliveTime = Duration.ofSeconds(30);
    private Duration keepAliveTimeout = Duration.ofSeconds(10);
    private Duration idleTimeout = Duration.ofMinutes(30);
    private int socketBufferBytes = 0;
    private Optional<TlsSettings> tls = Optional.empty();
    private Optional<EventLoops> eventLoops = Optional.empty();

    private Builder() {}

    /** Sets {@link ChannelSettings#maxInboundMessageBytes()}. */
    public Builder maxInboundMessageBytes(int maxInboundMessageBytes) {
      this.maxInboundMessageBytes = maxInboundMessageBytes;
      return this;
    }

    /** Sets {@link ChannelSettings#maxInboundMetadataBytes()}. */
    public Builder maxInboundMetadataBytes(int maxInboundMetadataBytes) {
      this.maxInboundMetadataBytes = maxInboundMetadataBytes;
      return this;
    }

    /** Sets {@link ChannelSettings#flowControlWindowBytes()}. */
    public Builder flowControlWindowBytes(int flowControlWindowBytes) {
      this.flowControlWindowBytes = flowControlWindowBytes;
      return this;
    }

    /** Sets {@link ChannelSettings#connectTimeout()}. */
    public Builder connectTimeout(Duration connectTimeout) {
      this.connectTimeout = connectTimeout;
      return this;
    }

    /** Sets {@link ChannelSettings#hybridTimeout()}. */
    public Builder hybridTimeout(Duration hybridTimeout) {
      this.hybridTimeout = hybridTimeout;
      return this;
    }

    /** Sets {@link ChannelSettings#keepAliveTime()}. */
    public Builder keepAliveTime(Duration keepAliveTime) {
      this.keepAliveTime = keepAliveTime;
      return this;
    }

    /** Sets {@link ChannelSettings#keepAliveTimeout()}. */
    public Builder keepAliveTimeout(Duration keepAliveTimeout) {
      this.keepAliveTimeout = keepAliveTimeout;
      return this;
    }

    /** Sets {@link ChannelSettings#idleTimeout()}. */
    public Builder idleTimeout(Duration idleTimeout) {
      this.idleTimeout = idleTimeout;
      return this;
    }

    /** Sets {@link ChannelSettings#socketBufferBytes()}. */
    public Builder socketBufferBytes(int socketBufferBytes) {
      this.socketBufferBytes = socketBufferBytes;
      return this;
    }

    /** Sets {@link ChannelSettings#tls()}. */
    public Builder tls(TlsSettings tls) {
      this.tls = Optional.of(tls);
      return this;
    }

    /** Sets {@link ChannelSettings#eventLoops()}. */
    public Builder eventLoops(EventLoops eventLoops) {
      this.eventLoops = Optional.of(eventLoops);
      return this;
    }

    /** Checks and returns the value. */
    public ChannelSettings build() {
      return new ChannelSettings(
          maxInboundMessageBytes,
          maxInboundMetadataBytes,
          flowControlWindowBytes,
          connectTimeout,
          hybridTimeout,
          keepAliveTime,
          keepAliveTimeout,
          idleTimeout,
          socketBufferBytes,
          tls,
          eventLoops);
    }
  }
}
