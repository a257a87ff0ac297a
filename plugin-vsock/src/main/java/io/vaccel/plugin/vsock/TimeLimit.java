package io.vaccel.plugin.vsock;

import io.vaccel.CallOptions;
import io.vaccel.Operation;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a call may spend at the agent before it is given up in favour of a local plugin; only
 * for operations that may be repeated. It is kept as the call's deadline, which gRPC carries to the
 * agent, so that the agent stops too.
 */
final class TimeLimit {
  private final Optional<Duration> limit;
  private final Breaker breaker;

  TimeLimit(Optional<Duration> limit, Breaker breaker) {
    this.limit = limit;
    this.breaker = breaker;
  }

  /** The call as the agent gets it. */
  Call at(Operation<?, ?> operation, Call whole) {
    return limit
        .filter(time -> operation.repeatable() && time.compareTo(whole.remaining()) < 0)
        .map(
            time ->
                Call.start(
                    CallOptions.within(time).with(whole.cancellation()).with(whole.progress()),
                    whole.executor()))
        .orElse(whole);
  }

  /** What a failure of the limited call means to the whole one. */
  VaccelException judge(VaccelException failure, Call limited, Call whole) {
    if (limited == whole
        || failure.reason() != Reason.DEADLINE_EXCEEDED
        || whole.remaining().isZero()) {
      return failure;
    }
    VaccelException away =
        new VaccelException(
            Reason.AGENT_UNREACHABLE,
            "no answer within the time limit of " + limit.orElseThrow().toMillis() + " ms",
            failure);
    breaker.failed(away);
    return away;
  }
}
