package io.vaccel.agent;

/**
 * Keeps something alive while it is in use: after {@link #end} nobody may enter any more, and it is
 * freed when the last user has left. Safe for use by several threads.
 *
 * <p>An engine must never lose a model or a session under a running call, however hostile the order
 * in which a guest sends run, unload and close.
 */
final class Usage {
  private final Runnable free;
  private int users;
  private boolean ended;

  Usage(Runnable free) {
    this.free = free;
  }

  /** Whether the caller may use it; then {@link #exit} must follow. */
  synchronized boolean enter() {
    if (ended) {
      return false;
    }
    users++;
    return true;
  }

  /** Ends one use. */
  void exit() {
    boolean last;
    synchronized (this) {
      users--;
      last = ended && users == 0;
    }
    if (last) {
      free.run();
    }
  }

  /** Lets nobody in any more and frees it now or when the last user leaves; once only. */
  boolean end() {
    boolean unused;
    synchronized (this) {
      if (ended) {
        return false;
      }
      ended = true;
      unused = users == 0;
    }
    if (unused) {
      free.run();
    }
    return true;
  }

  /** Ends it if nobody uses it now. */
  boolean endIfIdle() {
    synchronized (this) {
      if (ended || users > 0) {
        return false;
      }
      ended = true;
    }
    free.run();
    return true;
  }

  synchronized int users() {
    return users;
  }
}
