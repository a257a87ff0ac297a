package io.vaccel.spi;

import io.vaccel.Cancellation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs an action at the deadline or the cancellation of a call, whichever comes first, once. */
final class StopSignal implements Cancellation.Registration {
  private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);

  private final Runnable stop;
  private final CompletableFuture<Boolean> deadline = new CompletableFuture<>();
  private final Cancellation.Registration cancelled;
  private boolean done;

  StopSignal(Runnable stop, Duration remaining, Cancellation cancellation) {
    this.stop = stop;
    var unused =
        deadline
            .completeOnTimeout(true, Math.max(1, remaining.toNanos()), TimeUnit.NANOSECONDS)
            .thenAccept(
                passed -> {
                  if (passed) {
                    fire();
                  }
                });
    this.cancelled = cancellation.onCancel(this::fire);
  }

  // The lock is held while the action runs, so that close() returns only after it.
  private synchronized void fire() {
    if (done) {
      return;
    }
    done = true;
    try {
      stop.run();
    } catch (RuntimeException e) {
      LOG.warn("stopping a call failed", e);
    } finally {
      deadline.complete(false);
    }
  }

  @Override
  public void close() {
    cancelled.close();
    synchronized (this) {
      done = true;
    }
    deadline.complete(false);
  }
}
