package io.vaccel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ModelLifecycleTest {
  private final List<String> journal = FakePlugin.journal();
  private final FakePlugin far = new FakePlugin("far", journal);
  private final FakePlugin near = new FakePlugin("near", journal);
  private final Vaccel vaccel = Vaccel.builder().plugin(far).plugin(near).load();
  private final Session session = vaccel.openSession();

  @AfterEach
  void close() {
    vaccel.close();
  }

  @Test
  void nothingIsOpened_beforeACallNeedsIt() {
    vaccel.openSession().close();
    assertThat(vaccel.plugins()).hasSize(2);
    assertThat(journal).isEmpty();
  }

  @Test
  void model_isLoadedOnce_andUnloadedOnce() {
    try (Model model = load("net.onnx")) {
      run(model);
      run(model);
      assertThat(model.loaded().uploadedBytes()).isEqualTo(7);
    }
    assertThat(journal)
        .containsExactly(
            "far open",
            "far load net.onnx",
            "far model.run",
            "far model.run",
            "far unload net.onnx");
  }

  @Test
  void model_isLoadedAgainWhereTheCallGoes_andUnloadedEverywhere() {
    Model model = load("net.onnx");
    far.failing(Reason.AGENT_UNREACHABLE, "gone");
    assertThat(run(model).executedOn().plugin()).isEqualTo("near");
    assertThat(run(model).executedOn().plugin()).isEqualTo("near");
    model.close();
    model.close();
    assertThat(journal)
        .containsExactly(
            "far open",
            "far load net.onnx",
            "far model.run",
            "near open",
            "near load net.onnx",
            "near model.run",
            "far model.run",
            "near model.run",
            "far unload net.onnx",
            "near unload net.onnx");
  }

  @Test
  void session_closesInReverse_withoutUnloadingEachModel() {
    Model model = load("net.onnx");
    far.failing(Reason.AGENT_UNREACHABLE, "gone");
    run(model);
    journal.clear();
    session.close();
    session.close();
    model.close();
    assertThat(journal).containsExactly("near end", "far end");
  }

  @Test
  void runtime_closesSessionsThenPluginsInReverse() {
    session.noop();
    journal.clear();
    vaccel.close();
    vaccel.close();
    assertThat(journal).containsExactly("far end", "near close", "far close");
    assertThat(Failures.of(vaccel::openSession).reason()).isEqualTo(Reason.CLOSED);
  }

  @Test
  void closedSession_refusesCalls() {
    session.close();
    VaccelException failure = Failures.of(() -> session.noop());
    assertThat(failure.reason()).isEqualTo(Reason.CLOSED);
    assertThat(failure).hasMessage("noop: the session is closed");
    assertThat(Failures.of(() -> load("net.onnx"))).hasMessage("model.load: the session is closed");
  }

  @Test
  void closedModel_isRefused_andNotLoadedAgain() {
    Model model = load("net.onnx");
    model.close();
    journal.clear();
    assertThat(Failures.of(() -> run(model)).reason()).isEqualTo(Reason.CLOSED);
    assertThat(Failures.of(() -> run(model)))
        .hasMessageMatching("model.run: model [0-9]+ net.onnx is closed");
    assertThat(journal).isEmpty();
  }

  @Test
  void modelOfAnotherSession_isNotFound() {
    Model model = load("net.onnx");
    try (Session other = vaccel.openSession()) {
      VaccelException failure = Failures.of(() -> other.run(model, List.of()));
      assertThat(failure.reason()).isEqualTo(Reason.MODEL_NOT_FOUND);
      assertThat(failure).hasMessageEndingWith("net.onnx belongs to another session");
    }
  }

  @Test
  void failedLoad_isForgotten_andTriedAgainNextTime() {
    far.onLoad =
        (model, call) -> {
          throw new VaccelException(Reason.MODEL_UNREADABLE, "not ONNX");
        };
    assertThat(Failures.of(() -> load("net.onnx")))
        .hasMessage("model.load at plugin far: not ONNX");
    assertThat(session.dispatcher().modelCount()).isZero();
    far.onLoad = (model, call) -> {};
    load("net.onnx").close();
    assertThat(journal)
        .containsExactly(
            "far open", "far load net.onnx", "far load net.onnx", "far unload net.onnx");
  }

  @Test
  void slowLoadOfOneModel_doesNotHoldUpAnother() throws Exception {
    Model other = load("other.onnx");
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    far.onLoad =
        (model, call) -> {
          loading.countDown();
          Waits.until(goOn);
        };
    CompletableFuture<Model> slow =
        CompletableFuture.supplyAsync(() -> load("slow.onnx"), Waits.THREADS);
    Waits.until(loading);
    far.onLoad = (model, call) -> {};
    assertThat(run(other).executedOn().plugin()).isEqualTo("far");
    assertThat(Failures.get(session.async().run(other, List.of())).executedOn().plugin())
        .isEqualTo("far");
    load("third.onnx").close();
    assertThat(slow).isNotDone();
    goOn.countDown();
    assertThat(slow.get(20, SECONDS)).isNotNull();
  }

  @Test
  void callersThatNeedTheSameModel_waitForOneLoad() throws Exception {
    Model model = load("net.onnx");
    far.failing(Reason.AGENT_UNREACHABLE, "gone");
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    near.onLoad =
        (loaded, call) -> {
          loading.countDown();
          Waits.until(goOn);
        };
    CompletableFuture<?> first = CompletableFuture.runAsync(() -> run(model), Waits.THREADS);
    Waits.until(loading);
    CompletableFuture<?> second = CompletableFuture.runAsync(() -> run(model), Waits.THREADS);
    VaccelException late =
        Failures.of(
            () ->
                session.call(
                    Operations.MODEL_RUN,
                    new ModelRun(model, List.of(), List.of()),
                    CallOptions.within(Duration.ofMillis(50))));
    assertThat(late.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
    goOn.countDown();
    first.get(20, SECONDS);
    second.get(20, SECONDS);
    assertThat(journal.stream().filter("near load net.onnx"::equals)).hasSize(1);
  }

  @Test
  void callerThatWaitsForALoad_canBeCancelled() throws Exception {
    Model model = load("net.onnx");
    far.failing(Reason.AGENT_UNREACHABLE, "gone");
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    near.onLoad =
        (loaded, call) -> {
          loading.countDown();
          Waits.until(goOn);
        };
    CompletableFuture<?> first = CompletableFuture.runAsync(() -> run(model), Waits.THREADS);
    Waits.until(loading);
    Cancellation cancellation = new Cancellation();
    CompletableFuture<VaccelException> second =
        CompletableFuture.supplyAsync(
            () ->
                Failures.of(
                    () ->
                        session.call(
                            Operations.MODEL_RUN,
                            new ModelRun(model, List.of(), List.of()),
                            CallOptions.defaults().with(cancellation))),
            Waits.THREADS);
    cancellation.cancel();
    assertThat(second.get(20, SECONDS).reason()).isEqualTo(Reason.CANCELLED);
    goOn.countDown();
    first.get(20, SECONDS);
  }

  @Test
  void loadThatFailsForTheFirst_isTriedByTheNextInLine() throws Exception {
    Model model = load("net.onnx");
    far.failing(Reason.AGENT_UNREACHABLE, "gone");
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    near.onLoad =
        (loaded, call) -> {
          near.onLoad = (again, callAgain) -> {};
          loading.countDown();
          Waits.until(goOn);
          throw new VaccelException(Reason.CANCELLED, "the caller cancelled");
        };
    CompletableFuture<?> first = CompletableFuture.runAsync(() -> run(model), Waits.THREADS);
    Waits.until(loading);
    CompletableFuture<ModelRun.Outputs> second =
        CompletableFuture.supplyAsync(() -> run(model), Waits.THREADS);
    goOn.countDown();
    assertThat(second.get(20, SECONDS).executedOn().plugin()).isEqualTo("near");
    assertThat(first).failsWithin(Duration.ofSeconds(20));
  }

  @Test
  void modelInUse_isUnloadedWhenTheCallReturns() throws Exception {
    Model model = load("net.onnx");
    CountDownLatch unloaded = new CountDownLatch(1);
    far.onUnload = unloaded::countDown;
    Held held = hold(far);
    CompletableFuture<ModelRun.Outputs> running =
        CompletableFuture.supplyAsync(() -> run(model), Waits.THREADS);
    Waits.until(held.entered());
    model.close();
    assertThat(journal).doesNotContain("far unload net.onnx");
    held.goOn().countDown();
    running.get(20, SECONDS);
    Waits.until(unloaded);
    assertThat(journal).endsWith("far model.run", "far unload net.onnx");
  }

  @Test
  void failingUnload_doesNotReachTheCaller() {
    far.onUnload =
        () -> {
          throw new VaccelException(Reason.CONNECTION_LOST, "gone");
        };
    load("net.onnx").close();
    assertThat(journal).endsWith("far unload net.onnx");
  }

  @Test
  void sessionInUse_isCancelled_andEndsWhenTheCallReturns() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    far.work =
        (operation, input, call, context) -> {
          try (var stop = call.onStop(stopped::countDown)) {
            assertThat(stop).isNotNull();
            entered.countDown();
            Waits.until(goOn);
          }
          return new Noop.Done(far.here());
        };
    CompletableFuture<?> running = CompletableFuture.runAsync(session::noop, Waits.THREADS);
    Waits.until(entered);
    session.close();
    Waits.until(stopped);
    assertThat(journal).doesNotContain("far end");
    CompletableFuture<?> closing = CompletableFuture.runAsync(vaccel::close, Waits.THREADS);
    assertThat(journal).doesNotContain("far close");
    goOn.countDown();
    running.get(20, SECONDS);
    closing.get(20, SECONDS);
    assertThat(journal).containsSubsequence("far noop", "far end", "far close");
  }

  private record Held(CountDownLatch entered, CountDownLatch goOn) {}

  private static Held hold(FakePlugin plugin) {
    Held held = new Held(new CountDownLatch(1), new CountDownLatch(1));
    plugin.work =
        (operation, input, call, context) -> {
          held.entered().countDown();
          Waits.until(held.goOn());
          return plugin.answer(operation, input, call, context);
        };
    return held;
  }

  private Model load(String name) {
    return session.load(Models.onnx(name), CallOptions.defaults());
  }

  private ModelRun.Outputs run(Model model) {
    return session.run(model, List.of());
  }
}
