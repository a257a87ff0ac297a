package io.vaccel.agent;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A no-op that runs until the test lets it end, as a call under way while an agent is stopped. */
final class HeldNoop {
  /**
   * A thread for each task: with two cores, JDK 25's common pool has one, and a call here blocks
   * it.
   */
  static final Executor THREADS = task -> new Thread(task, "test-task").start();

  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);
  private final CompletableFuture<Void> call;

  private HeldNoop(RunningAgent running, TestClient guest, String session) {
    running.plugin.noop =
        ignored -> {
          started.countDown();
          await(end);
        };
    call = CompletableFuture.runAsync(() -> guest.noop(session), THREADS);
    await(started);
  }

  /** Has a guest call it, and returns when it runs. */
  static HeldNoop called(RunningAgent running, TestClient guest) {
    return new HeldNoop(running, guest, guest.openSession());
  }

  /** Lets it end; what the guest gets to know. */
  CompletableFuture<Void> release() {
    end.countDown();
    return call;
  }

  /** Drains the agent, without waiting for it. */
  static CompletableFuture<Boolean> drain(Agent agent, Duration longest) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return agent.drain(longest);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        },
        THREADS);
  }

  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("nothing came");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
