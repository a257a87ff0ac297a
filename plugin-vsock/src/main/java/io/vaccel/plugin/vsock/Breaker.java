package io.vaccel.plugin.vsock;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.vaccel.ErrorCode;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.transport.Endpoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Keeps calls from an agent that does not answer, so that they fail or go elsewhere at once; safe
 * for use by several threads.
 *
 * <p>One call that fails with {@link ErrorCode#UNAVAILABLE} in spite of its retries opens it; no
 * other error does. While it is open, one probe in each interval finds out whether the agent is
 * back.
 */
final class Breaker {
  private final Endpoint endpoint;
  private final Clock clock;
  private final CircuitBreaker circuit;
  private final Duration probeInterval;
  private volatile Optional<Outage> outage = Optional.empty();

  /** Since when, why, and when the next probe is due. */
  private record Outage(Instant since, VaccelException error, Instant nextProbe) {}

  Breaker(Endpoint endpoint, Duration probeInterval, Clock clock) {
    this.endpoint = endpoint;
    this.clock = clock;
    this.probeInterval = probeInterval;
    CircuitBreakerConfig config =
        CircuitBreakerConfig.custom()
            .clock(clock)
            .slidingWindow(1, 1, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
            .failureRateThreshold(100)
            .waitDurationInOpenState(probeInterval)
            .permittedNumberOfCallsInHalfOpenState(1)
            .recordException(Breaker::isOutage)
            .ignoreException(Breaker::saysNothing)
            .build();
    this.circuit = CircuitBreaker.of("agent " + endpoint, config);
  }

  boolean isClosed() {
    return circuit.getState() == CircuitBreaker.State.CLOSED;
  }

  /**
   * Lets a call pass, which must then report how it went.
   *
   * @throws VaccelException of the {@link #kind} of the outage when none may pass now
   */
  void enter() {
    if (!tryEnter()) {
      throw new VaccelException(kind(), reason());
    }
  }

  /** Whether a call may pass now, be it as a probe; one that may must report how it went. */
  boolean tryEnter() {
    return circuit.tryAcquirePermission();
  }

  /** The agent has answered. */
  void succeeded() {
    if (outage.isPresent()) {
      outage = Optional.empty();
    }
    circuit.onSuccess(0, TimeUnit.NANOSECONDS);
  }

  /** A call that was let pass failed; most errors mean that the agent has answered. */
  void failed(Throwable error) {
    if (isOutage(error)) {
      Instant now = clock.instant();
      Instant since = outage.map(Outage::since).orElse(now);
      outage = Optional.of(new Outage(since, (VaccelException) error, now.plus(probeInterval)));
    }
    circuit.onError(0, TimeUnit.NANOSECONDS, error);
  }

  /** A call that was let pass ends without telling anything of the agent. */
  void left() {
    circuit.releasePermission();
  }

  /** What the last call failed with, in an outage. */
  Optional<String> cause() {
    return outage.map(known -> known.error().text());
  }

  /**
   * How calls fail that do not pass: {@link Reason#AGENT_STOPPING} after an agent has said that of
   * itself, {@link Reason#AGENT_UNREACHABLE} otherwise.
   */
  Reason kind() {
    return outage
        .map(known -> known.error().reason())
        .filter(Reason.AGENT_STOPPING::equals)
        .orElse(Reason.AGENT_UNREACHABLE);
  }

  /** Why nothing passes, since when, and when that may change. */
  String reason() {
    return "agent " + endpoint + outage.map(this::describe).orElse(" is being asked again");
  }

  private String describe(Outage known) {
    return " has not answered since "
        + known.since().truncatedTo(ChronoUnit.SECONDS)
        + ": "
        + known.error().text()
        + "; next try in "
        + Math.max(0, Duration.between(clock.instant(), known.nextProbe()).toMillis())
        + " ms";
  }

  private static boolean isOutage(Throwable error) {
    return error instanceof VaccelException known && known.code() == ErrorCode.UNAVAILABLE;
  }

  /** Errors of this side: an agent that is there and one that hangs both look like this. */
  private static boolean saysNothing(Throwable error) {
    return error instanceof VaccelException known
        && (known.code() == ErrorCode.CANCELLED || known.code() == ErrorCode.DEADLINE_EXCEEDED);
  }
}
