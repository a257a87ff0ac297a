package io.vaccel;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Counts the calls that use something, so that it ends only when the last of them has left; safe
 * for use by several threads.
 *
 * <p>Native engines crash when a model is freed under a running call, and plugins are promised that
 * this does not happen.
 */
final class Gate {
  private final Runnable atEnd;
  private final Executor executor;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private int inside;
  private boolean closed;

  /**
   * An open gate.
   *
   * @param atEnd frees what is behind the gate; must not throw
   * @param executor runs {@code atEnd} when a leaving call comes last: that call may be on a
   *     plugin's event loop, which must not block
   */
  Gate(Runnable atEnd, Executor executor) {
    this.atEnd = atEnd;
    this.executor = executor;
  }

  /** Whether the caller may go in; one that may must {@link #leave}. */
  synchronized boolean enter() {
    if (closed) {
      return false;
    }
    inside++;
    return true;
  }

  void leave() {
    synchronized (this) {
      inside--;
      if (!closed || inside > 0) {
        return;
      }
    }
    try {
      executor.execute(this::end);
    } catch (RejectedExecutionException e) {
      end();
    }
  }

  /**
   * Lets nobody in any more, and ends at once when nobody is inside. Closing twice does nothing.
   */
  void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      if (inside > 0) {
        return;
      }
    }
    end();
  }

  /** Completes when the last call has left and everything is freed. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  private void end() {
    try {
      atEnd.run();
    } finally {
      ended.complete(null);
    }
  }
}
