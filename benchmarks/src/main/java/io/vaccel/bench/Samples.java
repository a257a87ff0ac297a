package io.vaccel.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** What was measured of one contender: every call's time, and each round's median. */
final class Samples {
  /** One part in a thousand: finer than any shared machine is steady. */
  private static final int DIGITS = 3;

  private final Histogram all = new Histogram(DIGITS);
  private final Histogram round = new Histogram(DIGITS);
  private final List<Double> medians = new ArrayList<>();
  private Duration cpu = Duration.ZERO;

  /** One call of the round under way took this long. */
  void add(long nanos) {
    round.recordValue(Math.max(1, nanos));
  }

  /** The round is over; all processes together used this much processor time in it. */
  void endRound(Duration cpuOfRound) {
    medians.add((double) round.getValueAtPercentile(50));
    all.add(round);
    round.reset();
    cpu = cpu.plus(cpuOfRound);
  }

  /** Calls in all rounds. */
  long count() {
    return all.getTotalCount();
  }

  /** The time that this part of the calls, in percent, did not exceed. */
  double percentileNanos(double percent) {
    return all.getValueAtPercentile(percent);
  }

  /** The slowest call. */
  double maxNanos() {
    return all.getMaxValue();
  }

  /** Processor time of one call, on average, in all processes. */
  double cpuNanosPerCall() {
    return (double) cpu.toNanos() / count();
  }

  /** The medians in nanoseconds, one a round. */
  double[] medians() {
    return medians.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
