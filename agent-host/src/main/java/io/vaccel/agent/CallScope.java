package io.vaccel.agent;

import io.vaccel.CallMemory;
import io.vaccel.CallOptions;
import io.vaccel.Cancellation;
import io.vaccel.Progress;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.transport.Peer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call being served: whose it is, how long it may take, and what is let go of when it ends.
 * Used by one thread at a time; only the cancellation may come from another.
 */
final class CallScope implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CallScope.class);

  private final Peer peer;
  private final long deadlineNanos;
  private final Cancellation cancellation = new Cancellation();
  private final Deque<Runnable> endings = new ArrayDeque<>();
  private boolean delivered;

  CallScope(Peer peer, Duration timeout) {
    this.peer = peer;
    this.deadlineNanos = System.nanoTime() + timeout.toNanos();
  }

  Peer peer() {
    return peer;
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /** What the runtime is told: the time that is left, and the switch that ends it. */
  CallOptions options() {
    long left = deadlineNanos - System.nanoTime();
    if (cancellation.isCancelled()) {
      throw new VaccelException(Reason.CANCELLED, "the caller cancelled");
    }
    if (left <= 0) {
      throw new VaccelException(
          Reason.DEADLINE_EXCEEDED, "no result within the deadline, which passed before it began");
    }
    return new CallOptions(
        Duration.ofNanos(left), cancellation, Progress.NONE, CallMemory.UNLIMITED);
  }

  /** Does this when the call ends, before what was asked for earlier. */
  void onEnd(Runnable ending) {
    endings.push(ending);
  }

  /** Does this when the call ends, unless its answer was sent. */
  void onUndelivered(Runnable ending) {
    onEnd(
        () -> {
          if (!delivered) {
            ending.run();
          }
        });
  }

  /** Does this when the call ends, if its answer was sent. */
  void onDelivered(Runnable ending) {
    onEnd(
        () -> {
          if (delivered) {
            ending.run();
          }
        });
  }

  /** The answer was sent. */
  void delivered() {
    delivered = true;
  }

  @Override
  public void close() {
    while (!endings.isEmpty()) {
      Runnable ending = endings.pop();
      try {
        ending.run();
      } catch (RuntimeException e) {
        // One that fails must not keep the others from being let go of.
        LOG.warn("letting go of something at the end of a call failed", e);
      }
    }
  }
}
