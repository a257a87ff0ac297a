package io.vaccel.backend.tflite;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Tells a run to stop until it is over: the engine forgets what it was told before the run began.
 */
final class Stopping implements Runnable {
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);

  private final Runnable tell;
  private boolean over;

  Stopping(Runnable tell) {
    this.tell = tell;
  }

  @Override
  public synchronized void run() {
    if (!over) {
      tell.run();
      LATER.execute(this);
    }
  }

  /** The run has returned; from now on, it is told nothing. */
  synchronized void over() {
    over = true;
  }
}
