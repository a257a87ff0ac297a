package io.vaccel.plugin.vsock;

import static io.vaccel.plugin.vsock.Guests.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Cancellation;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.transport.Endpoint;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is repeated, how often, and what the breaker hears of it. */
final class AttemptsTest {
  private final Breaker breaker =
      new Breaker(Endpoint.Vsock.host(2048), Duration.ofSeconds(1), Clock.systemUTC());
  private final Attempts attempts = new Attempts(breaker, 2);
  private int tries;

  @Test
  void unreachableAgent_isTriedAgain_whateverTheOperation() {
    assertThat(run(false, Reason.AGENT_UNREACHABLE, Reason.AGENT_UNREACHABLE)).isEqualTo("done");
    assertThat(tries).isEqualTo(3);
    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void lostConnection_isTriedAgain_onlyWhenThatIsTheSame() {
    assertThat(run(true, Reason.CONNECTION_LOST)).isEqualTo("done");
    assertThat(tries).isEqualTo(2);
    VaccelException failure = failureOf(() -> run(false, Reason.CONNECTION_LOST));
    assertThat(failure.reason()).isEqualTo(Reason.CONNECTION_LOST);
    assertThat(tries).isEqualTo(3);
  }

  @Test
  void afterAllTries_theLastErrorIsThrown_andTheBreakerOpens() {
    VaccelException failure =
        failureOf(
            () ->
                run(
                    true,
                    Reason.CONNECTION_LOST,
                    Reason.CONNECTION_LOST,
                    Reason.AGENT_UNREACHABLE,
                    Reason.AGENT_UNREACHABLE));
    assertThat(failure.reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
    assertThat(tries).isEqualTo(3);
    assertThat(breaker.isClosed()).isFalse();
    assertThat(failureOf(() -> run(true)).reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
    assertThat(tries).isEqualTo(3);
  }

  @Test
  void otherErrors_areNotRepeated() {
    assertThat(failureOf(() -> run(true, Reason.AGENT_STOPPING)).reason())
        .isEqualTo(Reason.AGENT_STOPPING);
    assertThat(tries).isEqualTo(1);
  }

  @Test
  void progress_startsTheCountAnew() {
    Deque<Reason> failures = new ArrayDeque<>(List.of(lost(), lost(), lost(), lost(), lost()));
    Call call = Call.start(CallOptions.defaults(), Runnable::run);
    String result =
        attempts.run(
            call,
            true,
            round -> {
              round.progressed();
              return next(failures);
            });
    assertThat(result).isEqualTo("done");
    assertThat(tries).isEqualTo(6);
  }

  @Test
  void deadline_leavesNoTimeForAnotherTry() {
    Call call = Call.start(CallOptions.within(Duration.ofMillis(10)), Runnable::run);
    Deque<Reason> failures = new ArrayDeque<>(List.of(lost()));
    VaccelException failure = failureOf(() -> attempts.run(call, true, round -> next(failures)));
    assertThat(failure.reason()).isEqualTo(Reason.CONNECTION_LOST);
    assertThat(tries).isEqualTo(1);
  }

  @Test
  void cancellation_endsThePause() {
    Cancellation cancellation = new Cancellation();
    Call call = Call.start(CallOptions.defaults().with(cancellation), Runnable::run);
    VaccelException failure =
        failureOf(
            () ->
                attempts.run(
                    call,
                    true,
                    round -> {
                      tries++;
                      cancellation.cancel();
                      throw new VaccelException(lost(), "x");
                    }));
    assertThat(failure.reason()).isEqualTo(Reason.CANCELLED);
    assertThat(tries).isEqualTo(1);
    assertThat(breaker.isClosed()).isTrue();
  }

  /** So that those who lose the same agent do not all come back in the same instant. */
  @Test
  void pauses_areNotTheSameForAll() {
    VaccelException error = new VaccelException(lost(), "x");
    List<Long> first =
        Stream.generate(() -> new Attempts(breaker, 2).new Round().pauseAfter(error).toMillis())
            .limit(20)
            .toList();
    assertThat(first).allSatisfy(millis -> assertThat(millis).isBetween(25L, 75L));
    assertThat(first.stream().distinct()).hasSizeGreaterThan(5);
  }

  private static Reason lost() {
    return Reason.CONNECTION_LOST;
  }

  private String run(boolean repeatable, Reason... reasons) {
    Deque<Reason> failures = new ArrayDeque<>(List.of(reasons));
    Call call = Call.start(CallOptions.defaults(), Runnable::run);
    return attempts.run(call, repeatable, round -> next(failures));
  }

  private String next(Deque<Reason> failures) {
    tries++;
    if (failures.isEmpty()) {
      return "done";
    }
    throw new VaccelException(failures.poll(), "x");
  }
}
