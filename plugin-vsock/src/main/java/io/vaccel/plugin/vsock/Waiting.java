package io.vaccel.plugin.vsock;

import io.vaccel.Cancellation;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Blocks the calling thread no longer than its call may last: until the deadline, a cancellation or
 * an interrupt.
 */
final class Waiting {
  /** How late a cancellation may be noticed by a thread that waits for a lock. */
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private Waiting() {}

  /**
   * Waits until {@code done} completes.
   *
   * @param done completed by this method when the call is cancelled, so it must serve this wait
   *     only
   * @return whether it completed within {@code atMost}
   * @throws VaccelException when the call is over first
   */
  static boolean until(CompletableFuture<Void> done, Duration atMost, Call call) {
    call.check();
    long nanos = Math.min(atMost.toNanos(), call.remaining().toNanos());
    Cancellation.Registration cancelled = call.cancellation().onCancel(() -> done.complete(null));
    try {
      done.get(nanos, TimeUnit.NANOSECONDS);
      call.check();
      return true;
    } catch (TimeoutException e) {
      call.check();
      return false;
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a wait does not fail", e);
    } finally {
      cancelled.close();
    }
  }

  /** Waits for some time. */
  static void pause(Duration pause, Call call) {
    until(new CompletableFuture<>(), pause, call);
  }

  /** Takes the lock. */
  static void lock(ReentrantLock lock, Call call) {
    try {
      do {
        call.check();
      } while (!lock.tryLock(SLICE_NANOS, TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** The error for a thread that was interrupted; the thread stays marked as such. */
  static VaccelException interrupted(Throwable cause) {
    Thread.currentThread().interrupt();
    return new VaccelException(Reason.CANCELLED, "the calling thread was interrupted", cause);
  }
}
