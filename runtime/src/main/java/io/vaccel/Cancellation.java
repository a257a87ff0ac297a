package io.vaccel;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A switch with which a caller ends calls that are under way; safe for use by several threads.
 *
 * <p>One switch may serve many calls. It stays on once it is on.
 */
public final class Cancellation {
  private static final Logger LOG = LoggerFactory.getLogger(Cancellation.class);
  private static final Cancellation NEVER = new Cancellation(false);

  private final boolean possible;
  private final Set<Listener> listeners = new LinkedHashSet<>();
  private boolean cancelled;

  /** A switch that is off. */
  public Cancellation() {
    this(true);
  }

  private Cancellation(boolean possible) {
    this.possible = possible;
  }

  /** The switch of calls that nobody can cancel; it keeps no listeners. */
  public static Cancellation never() {
    return NEVER;
  }

  /**
   * Ends all calls that hold this switch, now and later.
   *
   * @throws UnsupportedOperationException on {@link #never}
   */
  public void cancel() {
    if (!possible) {
      throw new UnsupportedOperationException("this switch never goes on; make one of your own");
    }
    List<Listener> toRun;
    synchronized (this) {
      cancelled = true;
      toRun = List.copyOf(listeners);
      listeners.clear();
    }
    toRun.forEach(Listener::run);
  }

  /** Whether {@link #cancel} was called. */
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  /**
   * Runs {@code listener} once, when the switch goes on; at once, on this thread, when it is on
   * already. It must be quick; what it throws is logged and dropped.
   *
   * @return takes the listener back; calling it more than once does nothing
   */
  public Registration onCancel(Runnable listener) {
    Listener registered = new Listener(listener);
    if (!possible) {
      return registered;
    }
    synchronized (this) {
      if (!cancelled) {
        listeners.add(registered);
        return registered;
      }
    }
    registered.run();
    return registered;
  }

  /** How many listeners wait; for tests of leaks. */
  synchronized int listenerCount() {
    return listeners.size();
  }

  private synchronized void remove(Listener listener) {
    listeners.remove(listener);
  }

  /** A listener that can be taken back. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /** One registration; an object of its own, so that the same code can be registered twice. */
  private final class Listener implements Registration {
    private final Runnable action;

    private Listener(Runnable action) {
      this.action = action;
    }

    private void run() {
      try {
        action.run();
      } catch (RuntimeException e) {
        LOG.warn("a listener of a cancellation failed", e);
      }
    }

    @Override
    public void close() {
      remove(this);
    }
  }
}
