package io.vaccel.guest.forward;

import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link Forwarder} forwards.
 *
 * @param socketMode the mode of the files of Unix sockets, as in {@code rw-------}
 * @param remoteClients whether a TCP listener may be one that other machines reach; whoever reaches
 *     it is this guest to the agent
 * @param maxConnections connections open on one listener; a further one is closed at once. Each
 *     takes {@link #MAX_BUFFERED_BYTES} at most
 * @param connectTimeout for reaching the agent; a connection that cannot is closed
 * @param linger what is left of a connection when one side has ended gets this long without moving
 *     a byte
 */
public record ForwarderSettings(
    String socketMode,
    boolean remoteClients,
    int maxConnections,
    Duration connectTimeout,
    Duration linger) {

  /**
   * The largest single read: large enough that system calls do not dominate, small enough for
   * thousands of stalled connections.
   */
  static final int READ_BYTES = 32 * 1024;

  /**
   * The most that one connection holds when neither side takes anything: in each direction one read
   * that found the other side full, and one that made it full.
   */
  public static final int MAX_BUFFERED_BYTES = 2 * 2 * READ_BYTES;

  /** Only the own user, only this machine; as many connections as an agent takes of one guest. */
  public static final ForwarderSettings DEFAULTS =
      new ForwarderSettings(
          "rw-------", false, 1_024, Duration.ofSeconds(5), Duration.ofMinutes(5));

  /** Refuses numbers that are not positive. */
  public ForwarderSettings {
    Objects.requireNonNull(socketMode, "socketMode");
    if (maxConnections <= 0) {
      throw new IllegalArgumentException(
          "maxConnections is " + maxConnections + ", it must be more than 0");
    }
    if (connectTimeout.toMillis() <= 0 || linger.toMillis() <= 0) {
      throw new IllegalArgumentException("connectTimeout and linger must be more than 0");
    }
  }
}
