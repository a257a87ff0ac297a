package io.vaccel.agent;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Lets a bounded number of lines of one kind a second into the log, and then says how many it left
 * out, so that no guest can fill the disk. Safe for use by several threads.
 */
final class LogThrottle {
  private static final int LINES = 50;
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Logger log;
  private final String what;
  private long began = System.nanoTime();
  private int lines;
  private long leftOut;

  LogThrottle(Logger log, String what) {
    this.log = log;
    this.what = what;
  }

  /** Whether a line may be written now. */
  synchronized boolean allows() {
    long now = System.nanoTime();
    if (now - began >= PERIOD_NANOS) {
      began = now;
      lines = 0;
      if (leftOut > 0) {
        log.warn("{} were left out count={}", what, leftOut);
        leftOut = 0;
      }
    }
    if (lines >= LINES) {
      leftOut++;
      return false;
    }
    lines++;
    return true;
  }
}
