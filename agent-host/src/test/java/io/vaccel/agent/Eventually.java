package io.vaccel.agent;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread brings about, and fails when it does not come. */
final class Eventually {
  private static final Duration USUAL = Duration.ofSeconds(20);

  private Eventually() {}

  static void isTrue(String what, BooleanSupplier condition) {
    isTrue(what, USUAL, condition);
  }

  static void isTrue(String what, Duration longest, BooleanSupplier condition) {
    long end = System.nanoTime() + longest.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("this did not come: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
