package io.vaccel.plugin.vsock;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.time.Duration;
import java.util.function.Function;

/**
 * Repeats calls that failed for want of an agent, after short, growing, jittered pauses and never
 * beyond their deadline; reports to the {@link Breaker} how they ended. Safe for use by several
 * threads.
 *
 * <p>What never reached a connection is always repeated; what was lost with one, only when doing it
 * twice is the same as doing it once.
 */
final class Attempts {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Breaker breaker;
  private final Retry retry;

  Attempts(Breaker breaker, int retries) {
    this.breaker = breaker;
    RetryConfig config =
        RetryConfig.custom()
            .maxAttempts(retries + 1)
            .intervalFunction(
                IntervalFunction.ofExponentialRandomBackoff(FIRST_PAUSE, 2, 0.5, LONGEST_PAUSE))
            .build();
    this.retry = Retry.of("agent", config);
  }

  /** Whether {@link #run} would repeat what failed so. */
  static boolean mayRepeat(VaccelException error, boolean repeatable) {
    return error.reason() == Reason.AGENT_UNREACHABLE
        || (error.reason() == Reason.CONNECTION_LOST && repeatable);
  }

  /** Does the work, more than once if need be. */
  <T> T run(Call call, boolean repeatable, Function<Round, T> work) {
    breaker.enter();
    Round round = new Round();
    while (true) {
      try {
        T result = work.apply(round);
        breaker.succeeded();
        return result;
      } catch (VaccelException e) {
        Duration pause = mayRepeat(e, repeatable) ? round.pauseAfter(e) : Duration.ZERO;
        if (pause.isZero() || pause.compareTo(call.remaining()) >= 0) {
          breaker.failed(e);
          throw e;
        }
        pauseOrFail(pause, call);
      } catch (RuntimeException | Error e) {
        breaker.left();
        throw e;
      }
    }
  }

  private void pauseOrFail(Duration pause, Call call) {
    try {
      Waiting.pause(pause, call);
    } catch (VaccelException e) {
      breaker.failed(e);
      throw e;
    }
  }

  /** The tries of one call; used by one thread. */
  final class Round {
    private Retry.AsyncContext<Object> context = retry.asyncContext();

    /** The last try got further than the ones before, so it does not count as one in vain. */
    void progressed() {
      context = retry.asyncContext();
    }

    /** How long to wait before the next try; zero when there is none. */
    Duration pauseAfter(VaccelException error) {
      return Duration.ofMillis(Math.max(0, context.onError(error)));
    }
  }
}
