package io.vaccel;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;

/** Other threads, and waiting for them; never for time. */
final class Waits {

  /**
   * A thread for each task. Tasks that wait for each other must not share the common pool: since
   * JDK 25 it is the default of {@code CompletableFuture} even where two cores give it a single
   * thread.
   */
  static final Executor THREADS =
      task -> {
        Thread thread = new Thread(task, "test-task");
        thread.setDaemon(true);
        thread.start();
      };

  private Waits() {}

  static void until(CountDownLatch latch) {
    try {
      if (!latch.await(20, SECONDS)) {
        throw new AssertionError("the other thread did not get there");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
