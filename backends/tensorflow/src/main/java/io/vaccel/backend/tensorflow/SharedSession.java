package io.vaccel.backend.tensorflow;

import io.vaccel.Cancellation;
import io.vaccel.spi.Call;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The session that all runs of a model share. TensorFlow cannot end one run when its caller gives
 * up; it can end a session with all its runs. So that is done when no other run is in it, and the
 * next run gets a new one; safe for use by several threads.
 */
final class SharedSession implements AutoCloseable {
  private final Supplier<NativeSession> opener;
  private Live current;

  /** A session and its runs; the counts are guarded by the owner. */
  private static final class Live {
    final NativeSession session;
    int runs;
    int cancelled;
    boolean ended;

    Live(NativeSession session) {
      this.session = session;
    }
  }

  /**
   * One that opens its first session at once.
   *
   * @param opener opens sessions; when it fails, so does what asked for one
   */
  SharedSession(Supplier<NativeSession> opener) {
    this.opener = opener;
    this.current = new Live(opener.get());
  }

  /** Does something with the session, which is ended when the call is cancelled. */
  <T> T use(Call call, Function<NativeSession, T> work) {
    Live live = enter();
    boolean[] gaveUp = {false};
    Cancellation.Registration onStop =
        call.onStop(
            () -> {
              // A deadline is among the options of the run.
              if (call.cancellation().isCancelled()) {
                gaveUp[0] = true;
                change(live, 0, 1);
              }
            });
    try {
      call.check();
      return work.apply(live.session);
    } finally {
      onStop.close();
      change(live, -1, gaveUp[0] ? -1 : 0);
    }
  }

  /** Call when no run is left. */
  @Override
  public synchronized void close() {
    if (current != null) {
      current.session.close();
      current = null;
    }
  }

  private synchronized Live enter() {
    if (current == null) {
      current = new Live(opener.get());
    }
    current.runs++;
    return current;
  }

  private synchronized void change(Live live, int runs, int cancelled) {
    live.runs += runs;
    live.cancelled += cancelled;
    if (live.runs > 0 && live.cancelled == live.runs && !live.ended) {
      live.ended = true;
      current = null;
      live.session.abort();
    }
    if (live.ended && live.runs == 0) {
      live.session.close();
    }
  }
}
