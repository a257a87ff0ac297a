package io.vaccel.plugin.vsock;

import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.transport.TlsSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the plugin deals with its agent; the names of the settings and their defaults are in the
 * package's description.
 *
 * @param connectTimeout the longest wait for a connection, and for the agent's first answer
 * @param keepAliveTime silence on a connection with calls under way, after which the agent is asked
 *     for a sign of life
 * @param lease how long a session should outlive its last call; the agent's choice when empty
 * @param retries how often a call is repeated that failed for want of an agent
 * @param probeInterval the least time between two tries to reach an agent that does not answer
 * @param farewellTime how long the agent gets to hear what is not needed any more; the longest that
 *     closing waits for it
 * @param probeWait how long the call waits that happens to probe
 * @param timeLimit the longest time that a repeatable call may spend at the agent; none but its
 *     deadline when empty
 * @param maxResultBytes the most bytes of one result
 * @param tls the files of TLS, for an agent over TCP
 */
record ClientSettings(
    Duration connectTimeout,
    Duration keepAliveTime,
    Optional<Duration> lease,
    int retries,
    Duration probeInterval,
    Duration farewellTime,
    Duration probeWait,
    Optional<Duration> timeLimit,
    long maxResultBytes,
    Optional<TlsSettings> tls) {

  static final String CONNECT_TIMEOUT = "VACCEL_RPC_CONNECT_TIMEOUT_MILLIS";
  static final String KEEP_ALIVE = "VACCEL_RPC_KEEP_ALIVE_MILLIS";
  static final String LEASE = "VACCEL_RPC_LEASE_MILLIS";
  static final String RETRIES = "VACCEL_RPC_RETRIES";
  static final String PROBE_INTERVAL = "VACCEL_RPC_PROBE_INTERVAL_MILLIS";
  static final String FAREWELL = "VACCEL_RPC_FAREWELL_MILLIS";
  static final String PROBE_WAIT = "VACCEL_RPC_PROBE_WAIT_MILLIS";
  static final String TIME_LIMIT = "VACCEL_RPC_TIME_LIMIT_MILLIS";
  static final String MAX_RESULT = "VACCEL_RPC_MAX_RESULT_BYTES";

  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  /**
   * What the environment says.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} for what is no number or out of range
   */
  static ClientSettings of(Settings settings) {
    return new ClientSettings(
        Duration.ofMillis(number(settings, CONNECT_TIMEOUT, 10_000, 1, DAY_MILLIS)),
        // An agent takes it for an attack when it is asked more often than every ten seconds.
        Duration.ofMillis(number(settings, KEEP_ALIVE, 30_000, 10_000, DAY_MILLIS)),
        settings
            .get(LEASE)
            .map(value -> Duration.ofMillis(number(settings, LEASE, 0, 1_000, DAY_MILLIS))),
        (int) number(settings, RETRIES, 2, 0, 100),
        Duration.ofMillis(number(settings, PROBE_INTERVAL, 1_000, 1_000, DAY_MILLIS)),
        Duration.ofMillis(number(settings, FAREWELL, 2_000, 1, DAY_MILLIS)),
        // An agent that is back, and a socket that nobody listens on, both answer in far less; one
        // that hangs must not slow down a guest that has a local plugin to go on with.
        Duration.ofMillis(number(settings, PROBE_WAIT, 200, 1, DAY_MILLIS)),
        settings
            .get(TIME_LIMIT)
            .map(value -> Duration.ofMillis(number(settings, TIME_LIMIT, 0, 1, DAY_MILLIS))),
        number(settings, MAX_RESULT, 1L << 30, 1, Long.MAX_VALUE),
        TlsVariables.read(settings));
  }

  /** How failures are dealt with, for people. */
  Map<String, String> describe() {
    Map<String, String> facts = new LinkedHashMap<>();
    tls.ifPresent(files -> facts.put("tls", TlsVariables.describe(files)));
    facts.put("connect timeout", connectTimeout.toMillis() + " ms");
    facts.put("retries", retries + ", after pauses of 50 ms to 1 s");
    facts.put(
        "time limit",
        timeLimit.map(limit -> limit.toMillis() + " ms").orElse("none but the deadline"));
    facts.put(
        "probes when it is away",
        "one in " + probeInterval.toMillis() + " ms, waited for " + probeWait.toMillis() + " ms");
    return facts;
  }

  private static long number(
      Settings settings, String name, long preset, long least, long greatest) {
    Optional<String> text = settings.get(name);
    try {
      long value = text.map(Long::parseLong).orElse(preset);
      if (text.isEmpty() || (value >= least && value <= greatest)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Answered below, like a number out of range.
    }
    throw new VaccelException(
        Reason.ARGUMENT_INVALID,
        name + " must be a whole number from " + least + " to " + greatest + ", not " + text.get());
  }
}
