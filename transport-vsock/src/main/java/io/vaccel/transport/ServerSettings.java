package io.vaccel.transport;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How one listener is made, beside where it is.
 *
 * @param limits what clients may make it spend
 * @param socketMode the mode of the file of a Unix or hybrid socket, as in {@code rw-------}.
 *     Connecting takes write permission, so the default lets in the own user and root only
 * @param socketOwner the user, by name or number, whom that file is given to; takes root. Empty for
 *     the own user
 * @param socketGroup its group, which takes root or membership; empty for the own group
 * @param socketBufferBytes the buffer of each connection in bytes, for sending and for receiving; 0
 *     for the kernel's default, which on vsock is 256 KiB. On Unix sockets and TCP the kernel cuts
 *     it to {@code net.core.wmem_max} and {@code net.core.rmem_max}
 * @param allowedReservedCids which of the CIDs 0, 1 and 2 may connect to a vsock listener. They are
 *     no guests: 1 is any process of this machine, so by default all three are refused
 * @param tls TLS for a TCP listener; with trusted authorities, clients must show a certificate
 * @param eventLoops the threads to use; {@link EventLoops#shared()} when empty. Never closed by the
 *     server
 * @param watch tells whether the listener still accepts; for one server only
 */
public record ServerSettings(
    ServerLimits limits,
    String socketMode,
    Optional<String> socketOwner,
    Optional<String> socketGroup,
    int socketBufferBytes,
    Set<Long> allowedReservedCids,
    Optional<TlsSettings> tls,
    Optional<EventLoops> eventLoops,
    Optional<ListenerWatch> watch) {

  public ServerSettings {
    Objects.requireNonNull(limits, "limits");
    if (!socketMode.matches("([r-][w-][x-]){3}")) {
      throw new IllegalArgumentException(
          "socketMode \"" + EndpointText.printable(socketMode) + "\" is not of the form rw-------");
    }
    Objects.requireNonNull(socketOwner, "socketOwner");
    Objects.requireNonNull(socketGroup, "socketGroup");
    Checks.notNegative("socketBufferBytes", socketBufferBytes);
    allowedReservedCids = Set.copyOf(allowedReservedCids);
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(eventLoops, "eventLoops");
    Objects.requireNonNull(watch, "watch");
  }

  /** The default settings. */
  public static ServerSettings defaults() {
    return builder().build();
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these settings. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.limits = limits;
    builder.socketMode = socketMode;
    builder.socketOwner = socketOwner;
    builder.socketGroup = socketGroup;
    builder.socketBufferBytes = socketBufferBytes;
    builder.allowedReservedCids = allowedReservedCids;
    builder.tls = tls;
    builder.eventLoops = eventLoops;
    builder.watch = watch;
    return builder;
  }

  EventLoops loops() {
    return eventLoops.orElseGet(EventLoops::shared);
  }

  /** Sets what differs from the defaults. Not thread-safe. */
  public static final class Builder {
    private ServerLimits limits = ServerLimits.defaults();
    private String socketMode = "rw-------";
    private Optional<String> socketOwner = Optional.empty();
    private Optional<String> socketGroup = Optional.empty();
    private int socketBufferBytes = 0;
    private Set<Long> allowedReservedCids = Set.of();
    private Optional<TlsSettings> tls = Optional.empty();
    private Optional<EventLoops> eventLoops = Optional.empty();
    private Optional<ListenerWatch> watch = Optional.empty();

    private Builder() {}

    /** Sets {@link ServerSettings#limits()}. */
    public Builder limits(ServerLimits limits) {
      this.limits = limits;
      return this;
    }

    /** Sets {@link ServerSettings#socketMode()}. */
    public Builder socketMode(String socketMode) {
      this.socketMode = socketMode;
      return this;
    }

    /** Sets {@link ServerSettings#socketOwner()}. */
    public Builder socketOwner(String socketOwner) {
      this.socketOwner = Optional.of(socketOwner);
      return this;
    }

    /** Sets {@link ServerSettings#socketGroup()}. */
    public Builder socketGroup(String socketGroup) {
      this.socketGroup = Optional.of(socketGroup);
      return this;
    }

    /** Sets {@link ServerSettings#socketBufferBytes()}. */
    public Builder socketBufferBytes(int socketBufferBytes) {
      this.socketBufferBytes = socketBufferBytes;
      return this;
    }

    /** Sets {@link ServerSettings#allowedReservedCids()}. */
    public Builder allowedReservedCids(Set<Long> allowedReservedCids) {
      this.allowedReservedCids = allowedReservedCids;
      return this;
    }

    /** Sets {@link ServerSettings#tls()}. */
    public Builder tls(TlsSettings tls) {
      this.tls = Optional.of(tls);
      return this;
    }

    /** Sets {@link ServerSettings#eventLoops()}. */
    public Builder eventLoops(EventLoops eventLoops) {
      this.eventLoops = Optional.of(eventLoops);
      return this;
    }

    /** Sets {@link ServerSettings#watch()}. */
    public Builder watch(ListenerWatch watch) {
      this.watch = Optional.of(watch);
      return this;
    }

    /** Checks and returns the value. */
    public ServerSettings build() {
      return new ServerSettings(
          limits,
          socketMode,
          socketOwner,
          socketGroup,
          socketBufferBytes,
          allowedReservedCids,
          tls,
          eventLoops,
          watch);
    }
  }
}
