package io.vaccel.plugin.vsock;

import io.vaccel.Progress;
import java.util.concurrent.TimeUnit;

/**
 * Tells a listener how far one transfer is: at its start, at most ten times a second, and at its
 * end. Used by one thread.
 */
final class PacedProgress {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Progress listener;
  private final String what;
  private final long totalBytes;
  private long lastNanos;

  /** Begins, and says so. */
  PacedProgress(Progress listener, String what, long doneBytes, long totalBytes) {
    this.listener = listener;
    this.what = what;
    this.totalBytes = totalBytes;
    tell(doneBytes);
  }

  void moved(long doneBytes) {
    if (doneBytes >= totalBytes || System.nanoTime() - lastNanos >= INTERVAL_NANOS) {
      tell(doneBytes);
    }
  }

  private void tell(long doneBytes) {
    lastNanos = System.nanoTime();
    listener.moved(what, doneBytes, totalBytes);
  }
}
