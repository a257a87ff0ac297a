package io.vaccel;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AsyncSessionTest {
  private final List<String> journal = FakePlugin.journal();
  private final FakePlugin far = new FakePlugin("far", journal);
  private final FakePlugin near = new FakePlugin("near", journal);
  private final Vaccel vaccel = Vaccel.builder().plugin(far).plugin(near).load();
  private final Session session = vaccel.openSession();
  private final AsyncSession async = session.async();

  @AfterEach
  void close() {
    vaccel.close();
  }

  /** The first call goes by an executor thread, later ones straight to the open plugin. */
  private void open(boolean opened) {
    if (opened) {
      session.noop();
    }
  }

  @Test
  void results_areTheSameAsWhenBlocking() throws Exception {
    assertThat(Failures.get(async.noop())).isEqualTo(session.noop());
    assertThat(Failures.get(async.echo(List.of()))).isEqualTo(session.echo(List.of()));
    try (Model model = Failures.get(async.load(Models.onnx("net.onnx"), CallOptions.defaults()))) {
      Image image = Image.encoded(java.nio.ByteBuffer.allocate(1));
      assertThat(Failures.get(async.classify(model, image)))
          .isEqualTo(session.classify(model, image));
      assertThat(Failures.get(async.run(model, List.of())))
          .isEqualTo(session.run(model, List.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void failure_isTheBareException_withOperationAndPlace(boolean opened) throws Exception {
    open(opened);
    far.failing(Reason.ARGUMENT_INVALID, "odd");
    CompletableFuture<Noop.Done> future = async.noop();
    assertThat(Failures.of(future)).hasMessage("noop at plugin far: odd");
    Assertions.assertThatThrownBy(future::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(VaccelException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void failureOfThePlace_movesOn_askingItOnlyOnce(boolean opened) throws Exception {
    open(opened);
    journal.clear();
    far.failing(Reason.AGENT_UNREACHABLE, "gone");
    assertThat(Failures.get(async.noop()).executedOn().plugin()).isEqualTo("near");
    assertThat(journal).filteredOn("far noop"::equals).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void failureEverywhere_isTheFirstOne(boolean opened) throws Exception {
    open(opened);
    far.failing(Reason.AGENT_UNREACHABLE, "gone");
    near.failing(Reason.QUOTA_EXCEEDED, "full");
    assertThat(Failures.of(async.noop())).hasMessage("noop at plugin far: gone");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connectionLost_isNotRepeatedWhereItMustNot(boolean opened) throws Exception {
    open(opened);
    far.failing(Reason.CONNECTION_LOST, "reset");
    CompletableFuture<?> future = async.submit(FakePlugin.ONCE, new Noop(), CallOptions.defaults());
    assertThat(Failures.of(future).reason()).isEqualTo(Reason.CONNECTION_LOST);
    assertThat(journal).doesNotContain("near test.once");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void defect_isInternal(boolean opened) throws Exception {
    open(opened);
    far.work =
        (operation, input, call, context) -> {
          throw new IllegalStateException("defect");
        };
    assertThat(Failures.of(async.noop()).reason()).isEqualTo(Reason.INTERNAL);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void error_completesTheFutureToo(boolean opened) throws Exception {
    open(opened);
    far.work =
        (operation, input, call, context) -> {
          throw new StackOverflowError();
        };
    assertThat(Failures.of(async.noop()).reason()).isEqualTo(Reason.INTERNAL);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cancelledFuture_stopsThePlugin(boolean opened) {
    open(opened);
    Stoppable work = new Stoppable();
    CompletableFuture<?> future = async.noop();
    Waits.until(work.entered);
    assertThat(future.cancel(true)).isTrue();
    Waits.until(work.stopped);
    Assertions.assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void outerCancellation_stopsThePlugin(boolean opened) throws Exception {
    open(opened);
    Stoppable work = new Stoppable();
    Cancellation cancellation = new Cancellation();
    CompletableFuture<?> future =
        async.submit(Operations.NOOP, new Noop(), CallOptions.defaults().with(cancellation));
    Waits.until(work.entered);
    cancellation.cancel();
    assertThat(Failures.of(future)).hasMessage("noop at plugin far: the caller cancelled");
    assertThat(work.stopped.getCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void deadline_endsACallThatDoesNotHeedIt(boolean opened) throws Exception {
    open(opened);
    CountDownLatch goOn = new CountDownLatch(1);
    far.work =
        (operation, input, call, context) -> {
          Waits.until(goOn);
          return new Noop.Done(far.here());
        };
    CompletableFuture<?> future =
        async.submit(Operations.NOOP, new Noop(), CallOptions.within(Duration.ofMillis(20)));
    // On a busy machine the deadline may pass before the work begins, and then the place is named.
    assertThat(Failures.of(future))
        .hasMessageMatching("noop( at plugin far)?: no result within 20 ms");
    goOn.countDown();
  }

  @Test
  void futureThatTheCallerTimesOut_stopsThePlugin() throws Exception {
    Stoppable work = new Stoppable();
    CompletableFuture<?> future = async.noop();
    // What has not begun is not stopped.
    Waits.until(work.entered);
    assertThat(future.orTimeout(1, MILLISECONDS)).isSameAs(future);
    Waits.until(work.stopped);
    assertThat(future.handle((value, error) -> error).get(20, SECONDS))
        .isInstanceOf(TimeoutException.class);
  }

  @Test
  void cancelledLoad_leavesNoModelBehind() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch unloaded = new CountDownLatch(1);
    far.onUnload = unloaded::countDown;
    far.onLoad =
        (model, call) -> {
          loading.countDown();
          Waits.until(goOn);
        };
    CompletableFuture<Model> future = async.load(Models.onnx("net.onnx"), CallOptions.defaults());
    Waits.until(loading);
    future.cancel(true);
    goOn.countDown();
    Waits.until(unloaded);
    assertThat(journal).containsExactly("far open", "far load net.onnx", "far unload net.onnx");
  }

  @Test
  void closedSession_failsTheFuture() throws Exception {
    session.close();
    assertThat(Failures.of(async.noop())).hasMessage("noop: the session is closed");
  }

  @Test
  void closingTheSession_endsItsCalls() throws Exception {
    Stoppable work = new Stoppable();
    CompletableFuture<?> future = async.noop();
    Waits.until(work.entered);
    session.close();
    assertThat(Failures.of(future).reason()).isEqualTo(Reason.CANCELLED);
  }

  @Test
  void tooManyWaitingCalls_areRefused_andTheOthersFinish() throws Exception {
    session.noop();
    CountDownLatch goOn = new CountDownLatch(1);
    far.work =
        (operation, input, call, context) -> {
          Waits.until(goOn);
          return new Noop.Done(far.here());
        };
    List<CompletableFuture<?>> accepted = new ArrayList<>();
    CompletableFuture<?> last = async.noop();
    while (!last.isCompletedExceptionally()) {
      accepted.add(last);
      assertThat(accepted).hasSizeLessThan(2000);
      last = async.noop();
    }
    VaccelException failure = Failures.of(last);
    assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(failure).hasMessageContaining("too many calls are waiting for a thread");
    goOn.countDown();
    CompletableFuture.allOf(accepted.toArray(new CompletableFuture<?>[0])).get(20, SECONDS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void longLivedCancellation_keepsNothingOfFinishedCalls(boolean fails) throws Exception {
    Cancellation cancellation = new Cancellation();
    CallOptions options = CallOptions.defaults().with(cancellation);
    if (fails) {
      far.failing(Reason.ARGUMENT_INVALID, "odd");
    }
    for (int i = 0; i < 10; i++) {
      async.submit(Operations.NOOP, new Noop(), options).handle((v, e) -> 0).get(20, SECONDS);
      try {
        session.call(Operations.NOOP, new Noop(), options);
      } catch (VaccelException e) {
        assertThat(fails).isTrue();
      }
    }
    assertThat(cancellation.listenerCount()).isZero();
  }

  /** Work that goes on until it is told to stop. */
  private final class Stoppable {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Stoppable() {
      far.work =
          (operation, input, call, context) -> {
            Cancellation.Registration stop = call.onStop(stopped::countDown);
            entered.countDown();
            Waits.until(stopped);
            stop.close();
            call.check();
            return new Noop.Done(far.here());
          };
    }
  }
}
