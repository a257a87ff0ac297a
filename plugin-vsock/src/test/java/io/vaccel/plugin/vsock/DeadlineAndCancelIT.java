package io.vaccel.plugin.vsock;

import static io.vaccel.plugin.vsock.Guests.await;
import static io.vaccel.plugin.vsock.Guests.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Cancellation;
import io.vaccel.Noop;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.plugin.vsock.FakeManners.Stalled;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call that waits for an agent ends when its caller wants, and the agent hears of it. */
final class DeadlineAndCancelIT {
  /** Time enough for a call to reach the agent. */
  private static final Duration SOON = Duration.ofSeconds(2);

  @TempDir private Path directory;
  private FakeAgent agent;
  private Vaccel vaccel;
  private Session session;

  @BeforeEach
  void start() {
    agent = FakeAgent.start(directory.resolve("agent.sock"));
    vaccel = Guests.at(agent.endpoint());
    session = vaccel.openSession();
    session.noop();
  }

  @AfterEach
  void stop() {
    vaccel.close();
    agent.close();
  }

  @Test
  void deadline_endsABlockingCall_withoutARetry() {
    Stalled noop = agent.manners().stall("Noop");
    VaccelException failure = failureOf(() -> noop(CallOptions.within(SOON)));
    assertThat(failure.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
    assertThat(failure).hasMessage("noop at " + agent.endpoint() + ": no result within 2000 ms");
    await(noop.ended());
    assertThat(agent.manners().count("Noop")).isEqualTo(2);
    assertThat(session.noop()).isNotNull();
  }

  @Test
  void deadline_endsAnAsynchronousCall() {
    Stalled noop = agent.manners().stall("Noop");
    CompletableFuture<?> call =
        session.async().submit(Operations.NOOP, new Noop(), CallOptions.within(SOON));
    assertThat(failureOf(call).reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
    await(noop.ended());
  }

  @Test
  void deadline_holdsWhileASessionIsOpened() {
    Stalled open = agent.manners().stall("OpenSession");
    try (Session other = vaccel.openSession()) {
      VaccelException failure =
          failureOf(() -> other.call(Operations.NOOP, new Noop(), CallOptions.within(SOON)));
      assertThat(failure.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
      await(open.ended());
      assertThat(other.noop()).isNotNull();
    }
  }

  @Test
  void cancellation_endsABlockingCall() {
    Stalled noop = agent.manners().stall("Noop");
    Cancellation cancellation = new Cancellation();
    CompletableFuture<VaccelException> failure =
        CompletableFuture.supplyAsync(
            () -> failureOf(() -> noop(CallOptions.defaults().with(cancellation))));
    await(noop.begun());
    cancellation.cancel();
    assertThat(await(failure).reason()).isEqualTo(Reason.CANCELLED);
    await(noop.ended());
  }

  @Test
  void cancelledFuture_endsTheCallAtTheAgent() {
    Stalled noop = agent.manners().stall("Noop");
    CompletableFuture<?> call = session.async().noop();
    await(noop.begun());
    assertThat(call.cancel(true)).isTrue();
    await(noop.ended());
    assertThat(await(session.async().noop())).isNotNull();
  }

  @Test
  void interrupt_endsABlockingCall_andStaysVisible() throws InterruptedException {
    Stalled noop = agent.manners().stall("Noop");
    CompletableFuture<VaccelException> failure = new CompletableFuture<>();
    CompletableFuture<Boolean> marked = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              failure.complete(failureOf(session::noop));
              marked.complete(Thread.currentThread().isInterrupted());
            });
    caller.start();
    await(noop.begun());
    caller.interrupt();
    assertThat(await(failure).reason()).isEqualTo(Reason.CANCELLED);
    assertThat(await(failure)).hasMessageContaining("interrupted");
    assertThat(await(marked)).isTrue();
    await(noop.ended());
    caller.join();
  }

  @Test
  void closingTheRuntime_endsCallsUnderWay() {
    Stalled noop = agent.manners().stall("Noop");
    CompletableFuture<VaccelException> failure =
        CompletableFuture.supplyAsync(() -> failureOf(session::noop));
    await(noop.begun());
    vaccel.close();
    assertThat(await(failure).reason()).isIn(Reason.CANCELLED, Reason.CLOSED);
    await(noop.ended());
  }

  private void noop(CallOptions options) {
    session.call(Operations.NOOP, new Noop(), options);
  }
}
