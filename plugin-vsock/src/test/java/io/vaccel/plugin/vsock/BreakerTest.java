package io.vaccel.plugin.vsock;

import static io.vaccel.plugin.vsock.Guests.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.transport.Endpoint;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The breaker opens for an agent that does not answer and for nothing else. */
final class BreakerTest {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final ManualClock clock = new ManualClock();
  private final Breaker breaker = new Breaker(Endpoint.Vsock.host(2048), INTERVAL, clock);

  @ParameterizedTest
  @EnumSource(Reason.class)
  void onlyUnavailability_opensIt(Reason reason) {
    breaker.enter();
    breaker.failed(new VaccelException(reason, "x"));
    boolean unavailable =
        switch (reason) {
          case AGENT_UNREACHABLE, CONNECTION_LOST, AGENT_STOPPING -> true;
          default -> false;
        };
    assertThat(breaker.isClosed()).isEqualTo(!unavailable);
  }

  @Test
  void openBreaker_refusesAtOnce_withTheCause_andSaysWhenItTriesAgain() {
    open();
    clock.advance(Duration.ofMillis(300));
    VaccelException refusal = failureOf(breaker::enter);
    assertThat(refusal.reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
    assertThat(refusal)
        .hasMessage(
            "agent vsock:2:2048 has not answered since 2026-11-22T18:00:00Z: nobody listens there;"
                + " next try in 700 ms");
  }

  @Test
  void agentThatStops_isSaidToStop_untilSomethingElseIsKnown() {
    breaker.enter();
    breaker.failed(new VaccelException(Reason.AGENT_STOPPING, "the agent is stopping"));
    assertThat(failureOf(breaker::enter).reason()).isEqualTo(Reason.AGENT_STOPPING);
    assertThat(failureOf(breaker::enter)).hasMessageContaining("the agent is stopping");

    clock.advance(INTERVAL.plusMillis(1));
    breaker.enter();
    breaker.failed(new VaccelException(Reason.AGENT_UNREACHABLE, "nobody listens there"));
    assertThat(failureOf(breaker::enter).reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
  }

  @Test
  void oneProbe_passesInEachInterval() {
    open();
    for (int i = 0; i < 3; i++) {
      clock.advance(INTERVAL.minusMillis(1));
      assertThat(breaker.tryEnter()).isFalse();
      clock.advance(Duration.ofMillis(2));
      assertThat(breaker.tryEnter()).isTrue();
      assertThat(breaker.tryEnter()).isFalse();
      breaker.failed(new VaccelException(Reason.AGENT_UNREACHABLE, "still nobody"));
      assertThat(breaker.tryEnter()).isFalse();
      assertThat(breaker.reason())
          .contains("since 2026-11-22T18:00:00Z: still nobody; next try in 1000 ms");
    }
  }

  @Test
  void atOnce_onlyOneOfManyMayProbe() {
    open();
    clock.advance(INTERVAL.plusMillis(1));
    AtomicInteger passed = new AtomicInteger();
    CompletableFuture<?>[] tries = new CompletableFuture<?>[8];
    for (int i = 0; i < tries.length; i++) {
      tries[i] = CompletableFuture.runAsync(() -> passed.addAndGet(breaker.tryEnter() ? 1 : 0));
    }
    Guests.await(CompletableFuture.allOf(tries));
    assertThat(passed).hasValue(1);
  }

  @Test
  void successfulProbe_closesIt_andForgetsTheOutage() {
    open();
    clock.advance(INTERVAL.plusMillis(1));
    assertThat(breaker.tryEnter()).isTrue();
    breaker.succeeded();
    assertThat(breaker.isClosed()).isTrue();
    assertThat(breaker.cause()).isEmpty();
    breaker.enter();
  }

  @Test
  void probeThatTellsNothing_letsAnotherPass() {
    open();
    clock.advance(INTERVAL.plusMillis(1));
    assertThat(breaker.tryEnter()).isTrue();
    breaker.left();
    assertThat(breaker.tryEnter()).isTrue();
    breaker.failed(new VaccelException(Reason.CANCELLED, "by the caller"));
    assertThat(breaker.tryEnter()).isTrue();
  }

  private void open() {
    breaker.enter();
    breaker.failed(new VaccelException(Reason.AGENT_UNREACHABLE, "nobody listens there"));
    assertThat(breaker.isClosed()).isFalse();
  }
}
