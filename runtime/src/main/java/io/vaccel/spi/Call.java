package io.vaccel.spi;

import io.vaccel.CallOptions;
import io.vaccel.Cancellation;
import io.vaccel.Progress;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * One call under way: its deadline, its cancellation, and who runs its work; safe for use by
 * several threads.
 */
public final class Call {
  private final long deadlineNanos;
  private final CallOptions options;
  private final Executor executor;

  private Call(CallOptions options, Executor executor) {
    this.options = options;
    this.executor = executor;
    this.deadlineNanos = System.nanoTime() + options.timeout().toNanos();
  }

  /** A call that starts now. */
  public static Call start(CallOptions options, Executor executor) {
    return new Call(options, executor);
  }

  /** Time until the deadline; zero when it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
  }

  /** Ends the call early. */
  public Cancellation cancellation() {
    return options.cancellation();
  }

  /** Hears of uploads. */
  public Progress progress() {
    return options.progress();
  }

  /**
   * Takes direct memory before it is allocated for a result, or on the way to one, in a size that
   * the request does not have itself. It counts until the call has ended.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} with limit and amount
   */
  public void takeMemory(long bytes) {
    options.memory().take(bytes);
  }

  /** Runs work that must not block the caller; rejects when too much waits. */
  public Executor executor() {
    return executor;
  }

  /**
   * Returns when the call may go on.
   *
   * @throws VaccelException {@link Reason#CANCELLED} or {@link Reason#DEADLINE_EXCEEDED} when it
   *     may not
   */
  public void check() {
    if (cancellation().isCancelled()) {
      throw new VaccelException(Reason.CANCELLED, "the caller cancelled");
    }
    if (deadlineNanos - System.nanoTime() <= 0) {
      throw new VaccelException(
          Reason.DEADLINE_EXCEEDED, "no result within " + options.timeout().toMillis() + " ms");
    }
  }

  /**
   * Runs {@code stop} once when the call is cancelled or its deadline passes, on any thread; for
   * engines that can be told to stop. Close the registration when the work is done: from then on
   * {@code stop} does not run, and if it was running it has returned, so what it uses may be freed;
   * hence do not close it while holding a lock that {@code stop} takes.
   */
  public Cancellation.Registration onStop(Runnable stop) {
    return new StopSignal(stop, remaining(), cancellation());
  }

  /** The error for work that was not even queued. */
  public static VaccelException tooManyWaiting(Throwable cause) {
    return new VaccelException(
        Reason.QUOTA_EXCEEDED, "too many calls are waiting for a thread", cause);
  }
}
