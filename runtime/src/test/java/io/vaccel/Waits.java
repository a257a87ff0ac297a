package io.vaccel;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.CountDownLatch;

/** Waits for another thread, never for time. */
final class Waits {
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
