package io.vaccel;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a call may take, how it can be cancelled, who hears of its progress, and how much memory
 * it has; immutable.
 *
 * @param timeout the longest time from now to the result; positive
 * @param cancellation ends the call early
 * @param progress hears of uploads
 * @param memory is asked before memory is allocated for the call in this process
 */
public record CallOptions(
    Duration timeout, Cancellation cancellation, Progress progress, CallMemory memory) {
  /** The timeout of calls that do not name one. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  /** The longest timeout; longer ones are cut to it, so that no call waits for ever. */
  public static final Duration MAX_TIMEOUT = Duration.ofDays(1);

  /** Checks and cuts the timeout. */
  public CallOptions {
    Objects.requireNonNull(cancellation, "cancellation");
    Objects.requireNonNull(progress, "progress");
    Objects.requireNonNull(memory, "memory");
    if (timeout.isNegative() || timeout.isZero()) {
      throw new VaccelException(
          Reason.ARGUMENT_INVALID, "timeout must be positive, got " + timeout);
    }
    timeout = timeout.compareTo(MAX_TIMEOUT) > 0 ? MAX_TIMEOUT : timeout;
  }

  /** The default timeout, not cancellable, nobody listening. */
  public static CallOptions defaults() {
    return within(DEFAULT_TIMEOUT);
  }

  /** This timeout, not cancellable, nobody listening. */
  public static CallOptions within(Duration timeout) {
    return new CallOptions(timeout, Cancellation.never(), Progress.NONE, CallMemory.UNLIMITED);
  }

  /** The same with this switch. */
  public CallOptions with(Cancellation newCancellation) {
    return new CallOptions(timeout, newCancellation, progress, memory);
  }

  /** The same with this listener. */
  public CallOptions with(Progress newProgress) {
    return new CallOptions(timeout, cancellation, newProgress, memory);
  }

  /** The same with this memory. */
  public CallOptions with(CallMemory newMemory) {
    return new CallOptions(timeout, cancellation, progress, newMemory);
  }
}
