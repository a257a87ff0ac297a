package io.vaccel;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A switch with which a caller ends calls that are under way; safe for use by several threads.
 *
 * <p>One switch may serve many calls. It stays on once it is on.
 */
public final class Cancellation {
  private final Set<Runnable> listeners = new LinkedHashSet<>();
  private boolean cancelled;

  /** Ends all calls that hold this switch, now and later. */
  public void cancel() {
    Set<Runnable> toRun;
    synchronized (this) {
      cancelled = true;
      toRun = new LinkedHashSet<>(listeners);
      listeners.clear();
    }
    toRun.forEach(Runnable::run);
  }

  /** Whether {@link #cancel} was called. */
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  /**
   * Runs {@code listener} once, when the switch goes on; at once, on this thread, when it is on
   * already.
   *
   * @return takes the listener back; calling it more than once does nothing
   */
  public Registration onCancel(Runnable listener) {
    synchronized (this) {
      if (!cancelled) {
        // Wrapped, so that the same listener may be registered twice and taken back once.
        Runnable unique = () -> listener.run();
        listeners.add(unique);
        return () -> remove(unique);
      }
    }
    listener.run();
    return () -> {};
  }

  private synchronized void remove(Runnable listener) {
    listeners.remove(listener);
  }

  /** A listener that can be taken back. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
