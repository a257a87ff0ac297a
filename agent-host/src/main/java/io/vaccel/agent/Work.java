package io.vaccel.agent;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that do the work of calls, so that the event loops only move bytes: a bounded number,
 * and a bounded number of calls that wait for one. Safe for use by several threads.
 */
final class Work implements AutoCloseable {
  private static final long RETRY_MILLIS = 200;
  private static final long IDLE_SECONDS = 30;

  private final ThreadPoolExecutor threads;

  Work(Quota quota) {
    int most = quota.count(Limit.RUNNING_CALLS);
    int waiting = quota.count(Limit.WAITING_CALLS);
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            Math.min(most, Runtime.getRuntime().availableProcessors()),
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new IdleFirst(),
            work -> daemon(work, "vaccel-call-" + number.incrementAndGet()),
            (work, pool) -> queue(work, pool, waiting));
  }

  /**
   * A queue that takes work only when an idle thread waits for it: otherwise the pool starts a
   * thread, and when it has all it may have, {@link #queue} decides.
   */
  private static final class IdleFirst extends LinkedTransferQueue<Runnable> {
    @Override
    public boolean offer(Runnable work) {
      return tryTransfer(work);
    }
  }

  /**
   * Runs the work on one of the threads.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when too much waits already
   */
  void execute(Runnable work) {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException e) {
      throw new VaccelException(
              Reason.QUOTA_EXCEEDED, "the agent is busy: too many calls wait for a thread", e)
          .with("quota", Limit.WAITING_CALLS.label())
          .with("retry_millis", RETRY_MILLIS);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private static void queue(Runnable work, ThreadPoolExecutor pool, int waiting) {
    if (pool.isShutdown() || pool.getQueue().size() >= waiting) {
      throw new RejectedExecutionException("full");
    }
    ((IdleFirst) pool.getQueue()).put(work);
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
