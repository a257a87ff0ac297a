package io.vaccel.plugin.vsock;

import io.vaccel.CallOptions;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.v1.RenewSessionRequest;
import io.vaccel.v1.SessionServiceGrpc;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the leases of idle sessions, all of them with one thread that sleeps until the next is
 * due; safe for use by several threads.
 *
 * <p>A lease is renewed after a third of it without a call, so that one renewal may fail.
 */
final class LeaseKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

  /** An agent that grants leases of no length must not keep the guest busy. */
  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Rpc rpc;
  private final Set<RemoteSession> sessions = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor timer;

  LeaseKeeper(Rpc rpc) {
    this.rpc = rpc;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "vaccel-lease");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
  }

  /** From now on the session's lease is kept. */
  void add(RemoteSession session) {
    sessions.add(session);
    schedule(session);
  }

  /** From now on it is not. */
  void remove(RemoteSession session) {
    sessions.remove(session);
  }

  private void schedule(RemoteSession session) {
    long idle = System.nanoTime() - session.lastUsedNanos();
    long nanos = Math.max(LEAST_NANOS, interval(session) - idle);
    try {
      var unused = timer.schedule(() -> visit(session), nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("session {} is closing", session.id(), e);
    }
  }

  private static long interval(RemoteSession session) {
    return Math.max(LEAST_NANOS, session.lease().toNanos() / 3);
  }

  private void visit(RemoteSession session) {
    if (session.isLost() || !sessions.contains(session)) {
      sessions.remove(session);
      return;
    }
    if (System.nanoTime() - session.lastUsedNanos() < interval(session)) {
      schedule(session);
      return;
    }
    RenewSessionRequest request =
        RenewSessionRequest.newBuilder().setSessionId(session.id()).build();
    Call call = Call.start(CallOptions.within(TIMEOUT), Runnable::run);
    var unused =
        rpc.sendAlone(SessionServiceGrpc.getRenewSessionMethod(), request, call)
            .whenComplete(
                (response, failure) -> {
                  if (failure == null) {
                    session.used();
                  } else if (failure instanceof VaccelException error
                      && error.reason() == Reason.SESSION_NOT_FOUND) {
                    session.lost();
                  } else {
                    // The next visit, or the next call, finds out more.
                    LOG.debug("the lease of session {} was not renewed", session.id(), failure);
                  }
                  schedule(session);
                });
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
