package io.vaccel.guest.forward;

import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts for {@link Traffic}, and tells when the agent ceases to be reachable and when it is again:
 * one line each, however many connections learn it. Thread-safe.
 */
final class Tally {
  private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

  final LongAdder bytesToAgent = new LongAdder();
  final LongAdder bytesToClients = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final LongAdder unreachable = new LongAdder();
  private long failedInARow;

  void accepted() {
    accepted.increment();
  }

  void ended() {
    ended.increment();
  }

  synchronized void reached() {
    if (failedInARow > 0) {
      LOG.info("the agent answers again after refused connections={}", failedInARow);
      failedInARow = 0;
    }
  }

  synchronized void failed(Throwable cause) {
    unreachable.increment();
    if (failedInARow++ == 0) {
      LOG.warn("clients are refused until the agent answers: {}", cause.getMessage());
    } else {
      LOG.debug("{}", cause.getMessage());
    }
  }

  Traffic now() {
    long ends = ended.sum();
    return new Traffic(
        Math.max(0, accepted.sum() - ends),
        accepted.sum(),
        unreachable.sum(),
        bytesToAgent.sum(),
        bytesToClients.sum());
  }
}
