package io.vaccel.spi;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaccel.CallOptions;
import io.vaccel.Cancellation;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallTest {

  /**
   * A thread for each task: with two cores the common pool has one, and these tasks wait for each
   * other.
   */
  private static final Executor THREADS = task -> new Thread(task, "test-task").start();

  private final Cancellation cancellation = new Cancellation();
  private final AtomicInteger stops = new AtomicInteger();

  @Test
  void freshCall_mayGoOn() {
    Call call = call(Duration.ofSeconds(60));
    call.check();
    assertThat(call.remaining()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  @Test
  void afterTheDeadline_nothingRemains() {
    Call call = call(Duration.ofNanos(1));
    assertThatThrownBy(call::check)
        .isInstanceOfSatisfying(
            VaccelException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED));
    assertThat(call.remaining()).isZero();
  }

  @Test
  void cancelledCall_saysSo() {
    Call call = call(Duration.ofSeconds(60));
    cancellation.cancel();
    assertThatThrownBy(call::check)
        .isInstanceOfSatisfying(
            VaccelException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CANCELLED));
  }

  @Test
  void onStop_runsAtTheDeadline_once() throws Exception {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    Cancellation.Registration registration =
        call(Duration.ofMillis(20))
            .onStop(
                () -> {
                  stops.incrementAndGet();
                  stopped.complete(null);
                });
    stopped.get(20, SECONDS);
    cancellation.cancel();
    registration.close();
    assertThat(stops).hasValue(1);
  }

  @Test
  void onStop_runsOnCancel_once() {
    Cancellation.Registration registration =
        call(Duration.ofSeconds(60)).onStop(stops::incrementAndGet);
    cancellation.cancel();
    cancellation.cancel();
    registration.close();
    assertThat(stops).hasValue(1);
  }

  @Test
  void onStop_runsAtOnce_whenCancelledBefore() {
    cancellation.cancel();
    call(Duration.ofSeconds(60)).onStop(stops::incrementAndGet).close();
    assertThat(stops).hasValue(1);
  }

  @Test
  void onStop_doesNotRunAfterClose() throws Exception {
    Call call = call(Duration.ofSeconds(1));
    call.onStop(stops::incrementAndGet).close();
    // Another one of the same call, registered later, marks that the deadline has passed.
    CompletableFuture<Void> passed = new CompletableFuture<>();
    call.onStop(() -> passed.complete(null));
    passed.get(20, SECONDS);
    cancellation.cancel();
    assertThat(stops).hasValue(0);
  }

  @Test
  void close_waitsForAStopThatIsRunning() throws Exception {
    CountDownLatch stopping = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Cancellation.Registration registration =
        call(Duration.ofSeconds(60))
            .onStop(
                () -> {
                  stopping.countDown();
                  awaitUninterrupted(goOn);
                  stops.incrementAndGet();
                });
    CompletableFuture<Void> cancelling = CompletableFuture.runAsync(cancellation::cancel, THREADS);
    awaitUninterrupted(stopping);
    CompletableFuture<Integer> closing =
        CompletableFuture.supplyAsync(
            () -> {
              registration.close();
              return stops.get();
            },
            THREADS);
    assertThatThrownBy(() -> closing.get(50, MILLISECONDS))
        .isInstanceOf(java.util.concurrent.TimeoutException.class);
    goOn.countDown();
    assertThat(closing.get(20, SECONDS)).isEqualTo(1);
    cancelling.get(20, SECONDS);
  }

  @Test
  void failingStop_isNotTheCallersProblem() {
    Cancellation.Registration registration =
        call(Duration.ofSeconds(60))
            .onStop(
                () -> {
                  throw new IllegalStateException("defect");
                });
    cancellation.cancel();
    registration.close();
    assertThat(cancellation.isCancelled()).isTrue();
  }

  private Call call(Duration timeout) {
    return Call.start(CallOptions.within(timeout).with(cancellation), Runnable::run);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      if (!latch.await(20, SECONDS)) {
        throw new AssertionError("the other thread did not get there");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
