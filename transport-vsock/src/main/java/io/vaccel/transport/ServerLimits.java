package io.vaccel.transport;

import java.time.Duration;

/**
 * Everything a client can make a server spend before any call of it is looked at: all limits in one
 * place.
 *
 * <p>Most of these are off in gRPC unless set. The defaults suit a listener for guests that are not
 * trusted.
 *
 * @param maxInboundMessageBytes the largest message accepted; larger ones end the call with
 *     RESOURCE_EXHAUSTED
 * @param maxInboundMetadataBytes the headers of one call, counted as HTTP/2 does (names + values +
 *     32 bytes each)
 * @param maxCallsPerConnection calls in progress on one connection; more wait at the client
 * @param flowControlWindowBytes bytes that may be on their way on one connection, and on one call,
 *     before the service asks for more; bounds the memory that a connection takes
 * @param maxConnections connections open on one listener; a further one is closed at once
 * @param maxConnectionsPerOwner connections of one {@link Peer#owner()} on one listener
 * @param backlog connections waiting to be accepted. A VMM blocks in {@code connect()} on our
 *     socket when it is full. The kernel cuts it to {@code net.core.somaxconn}
 * @param handshakeTimeout from accept to the client's first complete HTTP/2 SETTINGS, TLS included;
 *     TLS alone has 10 s at the most, as gRPC lets nobody change Netty's limit
 * @param frameTimeout from the first byte of an HTTP/2 frame to its last
 * @param maxConnectionIdle a connection without calls for this long is closed
 * @param maxConnectionAge a connection older than this is told to go away; the client opens a new
 *     one without losing a call
 * @param maxConnectionAgeGrace what the calls in progress then still get
 * @param keepAliveTime after this long without a byte the server pings; so that a crashed VM is
 *     noticed
 * @param keepAliveTimeout how long it waits for the answer before it closes the connection
 * @param permitKeepAliveTime the shortest interval at which a client may ping
 * @param maxResetFrames RST_STREAM frames, sent or provoked, on one connection in {@code
 *     resetWindow} (Rapid Reset, CVE-2023-44487; MadeYouReset, CVE-2025-8671)
 * @param resetWindow see {@code maxResetFrames}; whole seconds
 * @param maxEmptyFrames frames in a row that carry nothing and end nothing (CVE-2019-9518)
 */
public record ServerLimits(
    int maxInboundMessageBytes,
    int maxInboundMetadataBytes,
    int maxCallsPerConnection,
    int flowControlWindowBytes,
    int maxConnections,
    int maxConnectionsPerOwner,
    int backlog,
    Duration handshakeTimeout,
    Duration frameTimeout,
    Duration maxConnectionIdle,
    Duration maxConnectionAge,
    Duration maxConnectionAgeGrace,
    Duration keepAliveTime,
    Duration keepAliveTimeout,
    Duration permitKeepAliveTime,
    int maxResetFrames,
    Duration resetWindow,
    int maxEmptyFrames) {

  static final int DEFAULT_BACKLOG = 1_024;
  private static final int MIB = 1 << 20;

  /** Refuses values that are zero or negative. */
  public ServerLimits {
    Checks.positive("maxInboundMessageBytes", maxInboundMessageBytes);
    Checks.positive("maxInboundMetadataBytes", maxInboundMetadataBytes);
    Checks.positive("maxCallsPerConnection", maxCallsPerConnection);
    Checks.positive("flowControlWindowBytes", flowControlWindowBytes);
    Checks.positive("maxConnections", maxConnections);
    Checks.positive("maxConnectionsPerOwner", maxConnectionsPerOwner);
    Checks.positive("backlog", backlog);
    Checks.positive("maxResetFrames", maxResetFrames);
    Checks.positive("maxEmptyFrames", maxEmptyFrames);
    Checks.positive("handshakeTimeout", handshakeTimeout);
    Checks.positive("frameTimeout", frameTimeout);
    Checks.positive("maxConnectionIdle", maxConnectionIdle);
    Checks.positive("maxConnectionAge", maxConnectionAge);
    Checks.positive("maxConnectionAgeGrace", maxConnectionAgeGrace);
    Checks.positive("keepAliveTime", keepAliveTime);
    Checks.positive("keepAliveTimeout", keepAliveTimeout);
    Checks.positive("permitKeepAliveTime", permitKeepAliveTime);
    Checks.positive("resetWindow", resetWindow);
  }

  /** The default limits. */
  public static ServerLimits defaults() {
    return builder().build();
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Sets the limits that differ from the defaults. Not thread-safe. */
  public static final class Builder {
    private int maxInboundMessageBytes = 4 * MIB;
    private int maxInboundMetadataBytes = 16 * 1024;
    private int maxCallsPerConnection = 256;
    private int flowControlWindowBytes = 4 * MIB;
    private int maxConnections = 4_096;
    private int maxConnectionsPerOwner = 1_024;
    private int backlog = DEFAULT_BACKLOG;
    private Duration handshakeTimeout = Duration.ofSeconds(10);
    private Duration frameTimeout = Duration.ofSeconds(30);
    private Duration maxConnectionIdle = Duration.ofMinutes(30);
    private Duration maxConnectionAge = Duration.ofHours(24);
    private Duration maxConnectionAgeGrace = Duration.ofHours(1);
    private Duration keepAliveTime = Duration.ofSeconds(60);
    private Duration keepAliveTimeout = Duration.ofSeconds(20);
    private Duration permitKeepAliveTime = Duration.ofSeconds(10);
    private int maxResetFrames = 1_000;
    private Duration resetWindow = Duration.ofSeconds(10);
    private int maxEmptyFrames = 32;

    private Builder() {}

    /** Sets {@link ServerLimits#maxInboundMessageBytes()}. */
    public Builder maxInboundMessageBytes(int maxInboundMessageBytes) {
      this.maxInboundMessageBytes = maxInboundMessageBytes;
      return this;
    }

    /** Sets {@link ServerLimits#maxInboundMetadataBytes()}. */
    public Builder maxInboundMetadataBytes(int maxInboundMetadataBytes) {
      this.maxInboundMetadataBytes = maxInboundMetadataBytes;
      return this;
    }

    /** Sets {@link ServerLimits#maxCallsPerConnection()}. */
    public Builder maxCallsPerConnection(int maxCallsPerConnection) {
      this.maxCallsPerConnection = maxCallsPerConnection;
      return this;
    }

    /** Sets {@link ServerLimits#flowControlWindowBytes()}. */
    public Builder flowControlWindowBytes(int flowControlWindowBytes) {
      this.flowControlWindowBytes = flowControlWindowBytes;
      return this;
    }

    /** Sets {@link ServerLimits#maxConnections()}. */
    public Builder maxConnections(int maxConnections) {
      this.maxConnections = maxConnections;
      return this;
    }

    /** Sets {@link ServerLimits#maxConnectionsPerOwner()}. */
    public Builder maxConnectionsPerOwner(int maxConnectionsPerOwner) {
      this.maxConnectionsPerOwner = maxConnectionsPerOwner;
      return this;
    }

    /** Sets {@link ServerLimits#backlog()}. */
    public Builder backlog(int backlog) {
      this.backlog = backlog;
      return this;
    }

    /** Sets {@link ServerLimits#handshakeTimeout()}. */
    public Builder handshakeTimeout(Duration handshakeTimeout) {
      this.handshakeTimeout = handshakeTimeout;
      return this;
    }

    /** Sets {@link ServerLimits#frameTimeout()}. */
    public Builder frameTimeout(Duration frameTimeout) {
      this.frameTimeout = frameTimeout;
      return this;
    }

    /** Sets {@link ServerLimits#maxConnectionIdle()}. */
    public Builder maxConnectionIdle(Duration maxConnectionIdle) {
      this.maxConnectionIdle = maxConnectionIdle;
      return this;
    }

    /** Sets {@link ServerLimits#maxConnectionAge()}. */
    public Builder maxConnectionAge(Duration maxConnectionAge) {
      this.maxConnectionAge = maxConnectionAge;
      return this;
    }

    /** Sets {@link ServerLimits#maxConnectionAgeGrace()}. */
    public Builder maxConnectionAgeGrace(Duration maxConnectionAgeGrace) {
      this.maxConnectionAgeGrace = maxConnectionAgeGrace;
      return this;
    }

    /** Sets {@link ServerLimits#keepAliveTime()}. */
    public Builder keepAliveTime(Duration keepAliveTime) {
      this.keepAliveTime = keepAliveTime;
      return this;
    }

    /** Sets {@link ServerLimits#keepAliveTimeout()}. */
    public Builder keepAliveTimeout(Duration keepAliveTimeout) {
      this.keepAliveTimeout = keepAliveTimeout;
      return this;
    }

    /** Sets {@link ServerLimits#permitKeepAliveTime()}. */
    public Builder permitKeepAliveTime(Duration permitKeepAliveTime) {
      this.permitKeepAliveTime = permitKeepAliveTime;
      return this;
    }

    /** Sets {@link ServerLimits#maxResetFrames()}. */
    public Builder maxResetFrames(int maxResetFrames) {
      this.maxResetFrames = maxResetFrames;
      return this;
    }

    /** Sets {@link ServerLimits#resetWindow()}. */
    public Builder resetWindow(Duration resetWindow) {
      this.resetWindow = resetWindow;
      return this;
    }

    /** Sets {@link ServerLimits#maxEmptyFrames()}. */
    public Builder maxEmptyFrames(int maxEmptyFrames) {
      this.maxEmptyFrames = maxEmptyFrames;
      return this;
    }

    /** Checks and returns the value. */
    public ServerLimits build() {
      return new ServerLimits(
          maxInboundMessageBytes,
          maxInboundMetadataBytes,
          maxCallsPerConnection,
          flowControlWindowBytes,
          maxConnections,
          maxConnectionsPerOwner,
          backlog,
          handshakeTimeout,
          frameTimeout,
          maxConnectionIdle,
          maxConnectionAge,
          maxConnectionAgeGrace,
          keepAliveTime,
          keepAliveTimeout,
          permitKeepAliveTime,
          maxResetFrames,
          resetWindow,
          maxEmptyFrames);
    }
  }
}
