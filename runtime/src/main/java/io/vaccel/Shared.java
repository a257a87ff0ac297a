package io.vaccel;

import io.vaccel.spi.Call;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A value that the first call to need it makes while the others wait, each no longer than its own
 * deadline; safe for use by several threads.
 *
 * <p>A failure is not kept: it may be the first call's own cancellation, so the next one tries.
 */
final class Shared<T> {
  private boolean making;
  private Optional<T> value = Optional.empty();

  /** The value when it is there; never blocks. */
  synchronized Optional<T> now() {
    return value;
  }

  /** The value, made by {@code maker} on this thread unless somebody else does or did. */
  T get(Call call, Supplier<T> maker) {
    boolean wait;
    synchronized (this) {
      if (value.isPresent()) {
        return value.get();
      }
      wait = making;
      making = true;
    }
    Optional<T> made = wait ? await(call) : Optional.empty();
    return made.orElseGet(() -> make(maker));
  }

  /** Waits for who is making it: the value, or nothing when it is this thread's turn to make it. */
  private Optional<T> await(Call call) {
    // Registered and closed outside the lock, which wake() takes.
    Cancellation.Registration stop = call.onStop(this::wake);
    try {
      synchronized (this) {
        while (making) {
          call.check();
          TimeUnit.NANOSECONDS.timedWait(this, Math.max(1_000_000, call.remaining().toNanos()));
        }
        making = value.isEmpty();
        return value;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VaccelException(Reason.CANCELLED, "the calling thread was interrupted", e);
    } finally {
      stop.close();
    }
  }

  private synchronized void wake() {
    notifyAll();
  }

  private T make(Supplier<T> maker) {
    Optional<T> made = Optional.empty();
    try {
      made = Optional.of(maker.get());
      return made.get();
    } finally {
      synchronized (this) {
        value = made;
        making = false;
        notifyAll();
      }
    }
  }
}
