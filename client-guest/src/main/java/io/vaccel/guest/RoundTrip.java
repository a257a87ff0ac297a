package io.vaccel.guest;

import io.vaccel.ExecutedOn;
import io.vaccel.Session;
import java.time.Duration;
import java.util.Arrays;

/**
 * How long a no-op takes, there and back.
 *
 * @param count how many were measured, after a warm-up
 * @param min the fastest
 * @param median the middle one
 * @param max the slowest
 * @param executedOn who answered the last one
 */
record RoundTrip(int count, Duration min, Duration median, Duration max, ExecutedOn executedOn) {
  /** The first ones open the session, and run code that the JVM has not compiled yet. */
  private static final int MAX_WARM_UP = 200;

  static RoundTrip measure(Session session, int count) {
    for (int i = 0; i < Math.min(count, MAX_WARM_UP); i++) {
      var unused = session.noop();
    }
    long[] nanos = new long[count];
    ExecutedOn last = null;
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      last = session.noop().executedOn();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return new RoundTrip(
        count,
        Duration.ofNanos(nanos[0]),
        Duration.ofNanos(nanos[(count - 1) / 2]),
        Duration.ofNanos(nanos[count - 1]),
        last);
  }
}
