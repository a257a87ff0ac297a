package io.vaccel.transport;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs refused and dropped connections of one listener, at most one line a second, so that a guest
 * cannot fill the log. Thread-safe.
 */
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Endpoint listener;
  private long nextNanos = System.nanoTime();
  private long suppressed;

  RefusalLog(Endpoint listener) {
    this.listener = listener;
  }

  synchronized void log(String peer, String reason) {
    long now = System.nanoTime();
    if (now - nextNanos < 0) {
      suppressed++;
      return;
    }
    LOG.warn(
        "listener {}: closed a connection of {}: {}{}",
        listener,
        peer,
        reason,
        suppressed == 0 ? "" : " (" + suppressed + " more since the last line)");
    nextNanos = now + INTERVAL_NANOS;
    suppressed = 0;
  }
}
